"""Decisions of an imaginary project, for tests that need something to decide about."""

ANCHORS = "Support YAML anchors in the configuration"
ANCHORS_REFUSED = (
    "We won't support anchors: an alias hides the value from whoever reviews the change,"
    " and a hidden value is how wrong timeouts reach production."
)
ANCHORS_AGAIN = "Let config files reuse blocks with YAML anchors and aliases"
ANCHORS_AGAIN_BODY = (
    "I repeat the same block five times. With anchors and aliases the configuration would"
    " be shorter."
)

POLLING = "Poll the queue every millisecond"
POLLING_REFUSED = (
    "We decided against it: a busy loop costs a whole core per worker,"
    " and the notification arrives within ten milliseconds anyway. Closing as won't fix."
)

UNRELATED = "The progress bar flickers in a narrow terminal"
UNRELATED_BODY = "With 60 columns the bar is redrawn on two lines. Terminal: xterm."
