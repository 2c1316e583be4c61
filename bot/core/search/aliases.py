"""Words that developers write long and short: the same word, said twice."""

from typing import Final

# The first of a line stands for the others. General English and computing only: nothing of any one
# project.
ALIASES: Final = """
address addr
administrator admin
allocation alloc allocate
application app
argument arg args
asynchronous async
attribute attr attrs
authentication auth authenticate authn
button btn
catalogue catalog
character char chars
colour color
command cmd
concatenate concat
config configuration configure cfg conf
context ctx
credential creds cred
database db
declaration decl declare
definition def
delete remove deletion removal
dependency dep deps
description desc
destination dest dst
development dev
difference diff
directory dir dirs folder
documentation doc docs
duplicate dup dedup deduplicate
environment env
error err
evaluate eval evaluation
execute exec execution
expression expr
extension ext
format fmt formatting
function func fn fns
generate gen generation
grey gray
image img
implementation impl implement
index idx
information info
initialise init initialize initialisation initialization
integer int ints
internationalisation i18n internationalization
iterator iter
javascript js
kubernetes k8s
language lang
length len
library lib libs
licence license
localisation l10n localization
maximum max
memory mem
message msg msgs
minimum min
mutable mut
number num
object obj
operation op ops
option opt opts
organisation org organization
package pkg
parameter param params
password passwd pwd
performance perf
pointer ptr
position pos
postgresql postgres pg
preference pref prefs
previous prev
production prod
property prop props
python py
reference ref refs
regex regexp
repository repo
request req
response resp
return ret
signature sig
source src
specification spec
statement stmt
string str
synchronise sync synchronize synchronous synchronisation synchronization
system sys
temporary temp tmp
timezone tz
typescript ts
utility util utils
value val
variable var vars
vector vec
version ver
"""
