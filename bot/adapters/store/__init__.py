"""Everything that touches the database: tables, connections, queries. Nothing else speaks SQL."""
