"""How maintainers speak: families of phrases that show what a sentence does in a thread. Notation: `bot.core.text.phrases`."""

# ruff: noqa: E501 - one phrase per line

from collections.abc import Mapping
from enum import StrEnum
from re import Pattern
from typing import Final

from bot.core.text.phrases import compile_phrases


class Cue(StrEnum):
    CLOSING = "closing"  # says that the thread is being closed
    REFUSAL = "refusal"  # says no to what was proposed
    DEFERRAL = "deferral"  # says not now
    DECISION = "decision"  # reports that several people agreed
    CAUSE = "cause"  # joins a reason to something
    HARM = "harm"  # names a cost, a risk, a defect
    RULE = "rule"  # states what always or never holds
    FINDING = "finding"  # reports what was tried, measured, found out
    REVERSAL = "reversal"  # undoes or replaces what was there
    REPLACEMENT = "replacement"  # says that another thread or solution takes over
    DONE = "done"
    WORKS = "works"
    STALE = "stale"
    DUPLICATE = "duplicate"
    SUPPORT = "support"
    NO_REPRO = "no_repro"
    SPAM = "spam"
    ACCIDENT = "accident"
    PROCESS = "process"
    REQUEST = "request"  # asks the reader for something
    COURTESY = "courtesy"
    RETRACTION = "retraction"  # takes back what was said before
    GUESS = "guess"


_WORDS: Final[Mapping[str, str]] = {
    "{wont}": "(will not|won't|(am|are|is|'m|'re) not (going|planning|willing|prepared|ready)( to)?|not going to)( be)?",
    "{cant}": "(can ?not|can't|could ?not|couldn't|unable to|impossible to|no way to|(not|isn't) possible to)",
    "{shouldnt}": "(should ?not|shouldn't|must not|mustn't|ought not to|need not)",
    "{dont}": "(do|does|did|would) ?(not|n't)( really| actually| currently| personally| necessarily| want to)?",
    "{isnt}": "((is|are|was|were|be|am|'s|'re|'m) not|isn't|aren't|wasn't|weren't|not)( really| actually| particularly| quite| very| entirely| yet)?",
    "{i}": "(i|we|they|maintainers|the (team|group|committee|project))",
    "{very}": "(strongly |firmly |rather |quite |really |very |somewhat |definitely |still )?",
    "{this}": "(it|this|that|these|those|them|things|the (issue|pr|pull request|ticket|bug|problem|error|change|feature))",
    "{place}": "(in|by|with|via|on|at|under|through|as of|as part of|from|for|since)",
    "{lapsed}": "((is|are|was|were) (outdated|obsolete|moot|void|wrong)|(no longer|not|isn't|aren't|doesn't|don't) (true|valid|correct|right|hold|holds|apply|applies|stand|stands))",
    "{carry_on}": "(finish|continue|complete|carry on|go on|keep working on|get back to)",
    "{thing}": "(commit|pr|pull request|version|release|master|main|trunk|develop|latest|nightly|next)",
}

PHRASES: Final[Mapping[Cue, str]] = {
    Cue.CLOSING: """
        (close|closed|closes|closing) (this|it|that|the|these|due|as|for|since|because|in favou?r|per|until|with|without|now|here|out|based|unmerged|again|on|and|after|given|myself)
        (will|going to|i'm|i am|we're|can|let's|let me|to|we|i'll|therefore|hence|so|am|and|should|shall) (close|closing|be closed)
        closing
        (is|be|was) closed
        ntbf
        won'?t ?fix
        (drop|withdraw|abandon|reject)(ping|ing|ed|n)? (this|the|my) (pr|patch|pull request|change|proposal|issue|idea)
        """,
    Cue.REFUSAL: """
        won'?t ?fix
        (not|isn't) planned
        no (current |concrete |immediate )?(plan|plans|intention|intent|desire|appetite|interest|wish)
        {wont}( to)? (be )?(fix|support|add|merg|accept|do|chang|happen|implement|includ|mak|provid|tak|go|allow|introduc|pursu|ship|work|expos|bring|switch|remov|keep|put|bump|downgrad|upgrad|maintain|revert|consider|reopen|able|adopt|offer|get|have|need)~
        {dont} (think|believe|feel|see|want|plan|intend|like|wish|agree|belong|accept|support|need|make sense|fit|consider|buy|recommend|encourage|care|seem|justify|warrant|solve|address|help|offer|allow|fall)
        {isnt} (in favou?r|convinced|worth|worthwhile|appropriate|desirable|desired|sold|keen|comfortable|fond|an? (good|great) (idea|fit)|something (we|i|that|to)|the right|a fan|on board|interested|viable|feasible|acceptable|suitable|justif~|needed|necessary|warranted|compelling|what we want|a goal|a priority|an option|a bug|supported|going to happen|likely|enough)
        (decline|declined|declining|reject|rejected|rejecting|rejection|refuse|refused|veto|vetoed|pass on)
        no fan of
        out of (the )?scope
        (outside|beyond) (of )?(the )?scope
        (by|per) design
        (intentional|deliberate)(ly)?
        on purpose
        (is|as|works|working) (intended|expected|designed)
        expected behaviou?r
        ({i} (am|are|'m|'re) |{i} |i'm |we're |strongly |firmly )({very})(against|opposed|oppose|object to|disagree|hesitant|reluctant|wary)
        (i'd|we'd|they'd|i'll|we'll|would|will) ((much|strongly) )?(rather (not|keep|leave|have|see|avoid|we|stay)|prefer (not|to (keep|leave|avoid|stay|stick|have|see)|if)|stay|stick|leave|keep|have to (decline|pass))
        no (strong |good |real |clear |compelling |need |general )?(consensus|reason (to|for)|need (to|for|of)|benefit|advantage|point in|use ?case|value in|gain)
        {cant} (really |simply |just |easily |safely |reasonably )?(do|support|add|change|remove|accept|merge|allow|guarantee|rely|provide|implement|make|fix|use|drop|take|have|be (done|fixed|supported|merged|changed|implemented|made|used))
        (unlikely|not likely) to
        nothing (we|i) can
        not much (we|i) can
        (stay|stays|staying|stick|sticking|keep|keeping|remain|remains|leave|leaving|left) (with |it |this |that |things )?(as (it |they |that )?(is|are|was|before)|the (current|existing|status)|the way|as-is)
        go(es)? against
        (a|an) (bad|terrible|poor|horrible) idea
        overkill
        (not|never) (be )?(accepted|merged|supported|implemented|changed|fixed)
        (leave|leaves|leaving|left) (it |this |that |them )?out
        left out
        i'd say no
        would not (go|want|merge|accept|add|recommend|be (happy|willing))
        maybe not
        (uncomfortable|not comfortable|not thrilled)
        (good|simple) enough
        sufficient~
        go with the
        not a big deal
        more (harm|trouble|work|pain|noise|confusion) than
        (can|could|should|must|has to|have to|needs to|better|best) be (done|dealt with|handled|solved|implemented|achieved|covered|addressed) (outside|elsewhere|in user|in userland|externally|via an?|with an?|by an?|through)
        (has|have) to (stay|remain|be) off
        {isnt} (meant|supposed|designed|intended) (to|for|as)
        (better|best) (suited|handled|left|done|solved|placed|implemented|kept|served|off) (to|for|in|by|as|with|outside|elsewhere|without)
        (belongs|belong) (in|to|elsewhere|outside|on|with) (a|an|the|another|your|user~|your own|its own|upstream|elsewhere)
        (hard no|no thanks|nope|nah|pass on this)
        (chose|chosen|opted|elected|decided|prefer|preferred|preferring) (not to|against|to (keep|leave|avoid|stay|stick))
        (rule|ruled|ruling) (it |this |that )?out
        {i}('d| would|'ll| will)? (really |much |strongly )?(prefer|like|rather) (to |we |it |not )*(keep|kept|stay|leave|avoid|have|see)~
        (nobody|no ?one|hardly anyone|almost nobody|few people|very few) (\\w+ )?(use|uses|used|needs?|wants?|asked|cares?|relies|depends?)
        defeats? the (whole )?(purpose|point)
        (yagni|premature optimi[sz]ation|feature creep|scope creep)
        (is|was|are|were) (removed|dropped|kept|chosen|excluded|omitted|restricted|limited|disabled) (on purpose|for a reason|because|to|since|as|so)
        lack the (resources|time|people|manpower|capacity|bandwidth|expertise)
        (i'd|we'd|would) sooner
        makes? (me|us) (\\w+ )?(nervous|uneasy|uncomfortable)
        not to (act|do|fix|support|add|change|pursue|merge|include|implement|accept)
        nothing (is|would be|was) gained
        gains? nothing
        no(?=[.:;])
        no, (?!it|this|that is)
        (we|i)( are|'re| am|'m)? not going to
        (we|i) (won't|will not)(?! (be (able|around|back)|have time))
        """,
    Cue.DEFERRAL: """
        not (right )?now
        for (now|the time being|the moment)
        at (this|the) (time|moment|point|stage)
        (postpon|defer)(e|ed|ing|s|red|ring)?
        punt~
        park(ed|ing)
        (revisit|reconsider)~
        later
        in (the )?future
        (next|future) (release|version|major|milestone|quarter|work|change|draft)
        some ?day
        eventually
        not a priority
        low priority
        no (time|bandwidth|capacity|resources)
        backlog
        """,
    Cue.DECISION: """
        (decided|decide|decides|decision|decisions)
        consensus
        majority
        (voted|by vote|the vote|a vote)
        {i} (have )?(agreed|concluded|settled)
        (per|as per|from|in|at|after|following) (the |today's |yesterday's |our |this week's |last )?(\\w+ )?(call|meeting|interim|sync|standup)
        discussed (this |it )?(in|at|with|on|offline|internally|during|amongst|among|today|yesterday)
        we (have |'ve )?discussed
        (conclusion|concluded)
        approved
        we('re| are) (going with|moving (to|away)|switching|dropping|keeping|staying|standardi[sz]ing)
        the team (feels|felt|thinks|agreed|prefers|decided|concluded)
        (chose|chosen|opted|settled on|went with|ended up|we('ll| will) go with|going with|i'm going to go)
        (the )?(plan|current thinking|general feeling|feeling|sentiment|position|stance) (is|was|seems|here)
        (everyone|everybody|all|both) (agrees?|agreed)
        i agree that(?! (we|you|i) (need|should|could|can))
        (meeting|vote|call|discussion) (outcome|result)
        """,
    Cue.CAUSE: """
        because
        since (?!v?\\d|the (last|version|release|commit)|last|version|release|then|yesterday|(up|down)grading|updating|(january|february|march|april|may|june|july|august|september|october|november|december))
        due to
        (therefore|thus|hence)
        so (that|as to)
        in order to
        (the|main|one|another|my|our) (\\w+ )?reasons?
        (reason|reasons|reasoning) (is|are|was|being|for|why)
        given (that|how|the)
        (otherwise|rationale|motivated|motivation|motive)
        as (a result|this|it|that|there|they|we|such|long as)
        which (would|will|means?|makes?|is|can|causes?|leads?|breaks?|requires?)
        (this|that) (would|means|makes|breaks|causes|leads|forces|requires|creates|introduces|prevents|adds)
        (clos(e|ed|ing)) ({this} )?as (an?|the|it|this|we|per|not|these|there|they)
        (problem|issue|concern|trouble|drawback|downside|disadvantage|difficulty|danger|worry|catch) (is|here|with|was|of|being)
        (benefit|benefits|on account of|as soon as|for lack of)
        , (so|as) (we|i|it|this|the|there|they|you|that|no|any)
        for (performance|security|compatibility|consistency|simplicity|legal|historical|stability) ?(reasons|concerns|purposes)?
        (until|only if|only when|as soon as)
        (after|once) (we|it|they|the \\w+) (get|gets|have|has|gain|gains|are|is|can|know)
        would (also |just |only |then |otherwise |likely |still |have to |need to )?(break|require|need|force|mean|cause|lead|introduce|add|increase|make|have to|prevent|complicate|hurt|hide|mask|encourage|result|create|defeat|allow|involve|slow|double|duplicate|add)
        (makes|making|made|make) (it|this|that|things|the|everything|our|debugging|testing|users) (\\S+ )?(much |more |too |even |very |a lot )?(hard|harder|difficult|impossible|easier|simpler|complex|confusing|slow|slower|error-prone|ambiguous|fragile|brittle|unclear|worse|better|complicated|less|more)
        (leads?|leading) to
        results? in
        (causes|caused|introduces|introduced|prevents|requires|implies|forces|depends on|relies on|limitation of|limitations of|blocked by|responsible for)
        (rather than|instead of|as opposed to|unlike)
        (what|that's what|which is what) \\S+ (is|are) for
        """,
    Cue.HARM: """
        (complex|complexity|complicated|complicates|complication|complications|overhead|burden|burdens|cost|costs|costly|expensive)
        (slow|slower|slows|slowdown|slowness|perform|performs|performance|latency|throughput)
        regress~
        (break|breaks|breaking|breakage|broke|broken)
        (backward|backwards|forward) ?-?(in)?compat~
        (incompat|compatib)~
        (insecure|security|unsafe|unsound|unsoundness|safety)
        (risk|danger|vulnerab|attack|leak|bloat|crash|panic|deadlock|corrupt|violat|inconsisten|confus|ambigu|mislead|surpris|flak|instabilit|unreliab|unmaintain|unnecessar|redundan|needless)~
        (undefined behaviou?r|subtle|niche|trade-?offs?|unstable|fails|failed|failing|failure|failures|race|races|trouble|problematic|problem|problems|pain|painful|nightmare)
        too (much|many|complex|complicated|slow|big|large|niche|specific|narrow|magic~|invasive|intrusive|expensive|risky|early|generic|broad|fragile|disruptive|error|opinionated|limited|hard|difficult|easy)
        {dont} (work|help|solve|scale|guarantee|hold|apply|improve|gain|avoid|provide|exist|match|handle|cover|know|preserve)
        {isnt} (maintained|enough|possible|compatible|portable|reliable|workable|working|available|sufficient|able|safe|correct|true)
        no (\\w+ )?(benefit|gain|evidence|improvement|advantage|use ?case|infrastructure|people|support for|guarantee|value|difference|way to)
        more (harm|trouble|work|pain|problems|noise|confusion|code)
        (hard|harder|difficult|impossible|easier|simpler) (to|for)
        (difficult|difficulty|difficulties|impractical|fragile|brittle|error-prone|hack|hacky|ugly|maintain|maintaining|maintainability|maintenance|duplication|duplicates code)
        (worse|harm|harms|harmful|waste|wastes|wasted|wasteful|lack|lacks|lacking|misses|lose|loses|losing|loss|limit|limits|limited|limitation|limitations|bottleneck|footgun|deprecated|obsolete|buggy|flaw|flaws|flawed|drawback|drawbacks|downside|downsides|shortcoming|shortcomings)
        (clash~|conflicts? with|wrong|wrongly|poor|poorly|badly|bad|mess|messy|useless|pointless|meaningless|unused|licen[cs]ing|licen[cs]e|legal)
        {cant}
        (issues|annoyances|annoying|hurdle|hurdles|churn|noise|friction)
        (edge|corner)[- ]cases?
        (only|rarely|seldom) (useful|used|needed|relevant|helps)
        (little|marginal|minimal|negligible|limited|diminishing|small) (benefit|gain|value|use|advantage|improvement|returns|demand|interest|impact)
        (outweighs?|outweighed|not enough (demand|interest|benefit|users|value|gain))
        (workaround|workarounds|work around|works around|hassle|tricky|awkward|cumbersome|heavy|heavyweight|invasive|intrusive|obscure|opaque|surprise)
        (privacy|trademark|gpl|copyright|accessibility|memory usage|file size|binary size|compile times?|startup time)
        (contradicts?|undermines?|interferes?|breaks?) (with )?
        (third[- ]party|upstream (bug|issue|problem|limitation))
        (legacy|historical)
        (is|are|be|gets|quite|very|pretty|really) hard
        (specific|particular) to
        \\w+-specific
        would cost
        (doubles|triples|multiplies)
        (nervous|uneasy|concerned about)
        end of life
        eol
        """,
    Cue.RULE: """
        we (always|never|only|try to|try not to|prefer|want to|want|aim|avoid|require|generally|usually|keep|strive|insist|need)
        (must|never|in general|as a rule|by default|by design|on purpose|by nature)
        {shouldnt}
        should (always|never|only|be|stay|remain|come|go|live|use|rather|instead|have|keep)
        (policy|policies|principle|principles|philosophy|goal|goals|non-goal|non-goals|convention|conventions|guideline|guidelines|invariant|invariants|guarantee|guarantees|contract|simplest|simplicity|simple|scope)
        design (goal|decision|choice|rule|principle|constraint|intent|reason)s?
        (rule|rules) (is|of|for)
        (intentional|deliberate)(ly)?
        (spec|specification|standard|standards|rfc)
        responsib~
        belongs? (in|to|on|there|here|at)
        (up|left) to the
        the (right|proper|correct|recommended|preferred) (way|place|approach|solution|layer|fix)
        (explicit|implicit) (is|over|rather|than|instead)
        (minimal|lean|focused|opinionated|stable|frozen|consistent|consistency|predictable|deterministic|portable|generic|neutral|agnostic)
        (always|never) (been|was|be|worked|a|the)
        (single source of truth|separation of concerns|semver|semantic versioning|api stability|public api|breaking change~)
        (safer|cleaner|clearer|better) (to|if|than|when|for)
        the (idea|intent|intention|point|purpose|aim|plan) (is|was|behind|of)
        (we|the project|this project|this (library|package|tool|crate|module|plugin|repo~)) (only |does not |doesn't |deliberately |intentionally )?(supports?|targets?|follows?|handles?|aims?|provides?|focus~)
        rule(?=:)
        no (\\w+ ){1,3}may
        (may|are allowed to|is allowed to) (only|not)
        """,
    Cue.FINDING: """
        (turn|turns|turned) out
        (measured|measurement|measurements|measures|benchmark|benchmarks|benchmarked|benchmarking|profiled|profiling)
        \\d+(\\.\\d+)? ?(%|x|ms|us|ns|s|min|percent|times|mb|gb|kb|kib|mib|gib|rtt|bytes|seconds|minutes|hours|days|weeks|lines|cores|users|out of|of) ?(slower|faster|larger|bigger|\\d+)?
        (experiment|experiments|experimented|experimentation)
        {i} (have |'ve )?(tried|tested|found|learned|learnt|discovered|investigated|reali[sz]ed|noticed|observed|concluded|looked into)
        (hypothesis|hypotheses|root cause|assumed|assumption|assumptions)
        in (fact|practice|reality|hindsight|the past)
        did(n't| not) (help|improve|work|change|make (a|any) difference|show|yield|matter|pan out)
        (disproved|disproven|disproves|refuted|refutes)
        false (positive|alarm|premise|lead)s?
        (show|shows|showed|shown) (that|no)
        (faster|slower|historically|used to)
        after (some |more |much |further |thinking|looking|trying|testing|playing|discussing|a bit|a lot|careful|digging|investigat|experiment|review|consider|reading)~
        on (reflection|closer (look|inspection)|further (thought|reflection|inspection|investigation))
        (no|any|measurable|significant|noticeable|visible) (difference|improvement|speedup|speed-up|effect|change) (in|on|from|with|at|here|between)
        (reproduced|confirmed|verified|traced|narrowed|bisected|analy[sz]ed|compared|evaluated|audited|audit|review) (\\S+ )?(that|to|down|the|it|this|with|shows?|found|and|both)
        the (real|actual|underlying|true) (problem|issue|cause|reason|bug|culprit)
        (is|was|are|were) (caused by|due to|the result of|a consequence of|an artifact of|a side effect of)
        no (significant|measurable|noticeable|real|visible|statistically significant) \\w+
        """,
    Cue.REVERSAL: """
        (revert|reverts|reverted|reverting|reversion)
        (roll|rolls|rolled|rolling) ?-?back
        rollback
        (back|backs|backed|backing) ?-?out
        (undo|undoes|undoing|undone|unpin|downgrade|downgrades|downgraded|downgrading)
        (disable|disables|disabled|disabling)
        (turn|turns|turned|turning|switch|switches|switched|switching) (\\S+ ){0,4}off
        (go|goes|going|went|switch|switches|switched|switching|move|moves|moved|moving|change|changes|changed|changing|put|puts|set|fall|falls|bring|brings) (\\S+ ){0,3}back
        (replace|replaces|replaced|replacing)
        (migrate|migrates|migrated|migrating|switch|switches|switched|switching|move|moves|moved|moving) (away )?(from|off)
        (switch|switches|switched|switching|migrate|migrates|migrating) (\\S+ ){0,3}to
        (no longer|instead of|in favou?r of)
        (deprecate|deprecates|deprecated|deprecating)
        (restore|restores|restored|restoring|reinstate|reinstates|reintroduce|reintroduces|resurrect|re-?enable|re-?enables|re-?enabled)
        (stop|stops|stopped) \\w+ing
        (so far|previously|until now|up to now|originally|used to)
        supersed~
        (drop|drops|dropped|dropping|remove|removes|removed|removing|removal|delete|deletes|deleted|deleting|abandon|abandons|retire|retires|kill|kills|get rid of|gets rid of|ditch|ditches)
        """,
    Cue.REPLACEMENT: """
        in favou?r of
        (supersede|supersedes|superseded|obsoleted|obsoletes)
        (is|been|was|now|got|being|gets) replaced (by|with)
        replaced by
        (continued|moved|reworked|redone|resubmitted|reopened|rolled) (in|into|to|as|at|over) #N
        #N instead
        see #N instead
        (solve|solved|handled|addressed|fixed|done|implemented|went) (\\S+ ){0,6}(different|differently|another|alternative|other) (way|approach|solution|manner|direction)
        (solve|solved|handled|addressed|fixed|done|implemented) (\\S+ )?differently
        """,
    Cue.DONE: """
        (is|was|been|got|are|now|being|'s|and|should be|should now be) (now |all |also |already |since |been |long |completely |finally )*(fixed|resolved|implemented|merged|addressed(?! to)|solved|released|completed|landed|complete|done)
        (is|was|that's|it's) an? (\\w+ )?(bug|regression)
        (now|already|since been|has been|have been) (supported|available|working|shipped|published)
        (fixed|resolved|implemented|addressed|solved|landed|merged|done|closed|handled|shipped|released|completed|published|fixes|resolves|addresses|solves|closes) (this |it )?{place} (the )?({thing}|v?\\d|[0-9a-f]{7,40}|#N|https?)
        (closed|fixed|resolved) (by|in|with|via)
        (has|have) (now )?landed
        #N (\\w+ ){0,2}(landed|merged|fixed|fixes|solved|solves|addressed|implemented|implements)
        there('s| is| are| has been| have been) (\\S+ ){0,5}(now|since (the|v?\\d))
        now (exists|works?|available|fixed|supported|handled|passes|compiles|uses|renders?|render)
        already (been )?(fixed|implemented|exists?|supported|possible|available|works?|done|there|landed|merged|have|has|in (master|main))
        {i}( have|'ve) (now |just |already |since )?(fixed|added|merged|implemented|released|pushed|updated|resolved|landed|published|done)
        {i} (just )?(fixed|added|merged|implemented|released|pushed|updated)
        fix(ed)? (is )?(in|on) (master|main|trunk|next|develop)
        all (\\S+ )?(tasks?|items?|boxes|sub-?tasks?|points) (\\w+ )?(are |were )?(done|complete|checked|delivered|closed|merged)
        i believe (this|that) (is|was) (fixed|done)
        (mostly|nearly|almost|all) (done|fixed|complete|finished)
        clos(e|ed|ing) (this )?as \\W?(fixed|done|resolved|completed|implemented)
        """,
    Cue.WORKS: """
        works? (for me|fine|now|again|well|great|perfectly|correctly|as expected|on my)
        no longer (happens?|occurs?|see|reproduc~|an? (issue|problem|bug)|fails?|crash|crashes|get|getting|experience|ices?)
        {dont} (see|happen|occur|have|experience|get) ({this} )?(any ?more|again|now)
        {cant} (see|get) ({this} )?(any ?more|again|now)
        (problem|issue|bug) (is |was |has )?(solved|gone|went away|disappeared)
        my (bad|mistake|fault|own|error|misunderstanding|end|side)
        (user|pebkac) error
        never ?mind
        forget (about )?(it|this|that)
        for (the )?(clarification|clarifying|explanation|explaining|pointing|answer|quick)
        (solved|fixed|figured|found) (it|the (issue|problem|solution|cause))
        i (misunderstood|misread|was wrong|missed)
        that (worked|helped|did (it|the trick)|fixed it|solved it)
        all good
        seems (to be )?(fixed|resolved|fine|to work)
        """,
    Cue.STALE: """
        (stale|staleness|inactive|inactivity|abandoned|dormant)
        no (recent |further |more )?(activity|response|feedback|reply|replies|updates?|answer|movement|progress|news|follow-?up)
        (lack|absence) of (activity|feedback|response|info|information|movement|progress|updates?|time)
        (too|very|pretty|quite|so|as|really) old
        old (issue|pr|ticket|bug|version|pull)s?
        (haven't|have not) (heard|seen|had) (\\w+ ){0,2}(back|response|reply|update|anything)
        no longer (relevant|apply|applies|applicable|active|valid|needed|necessary|required|accurate|maintained)
        (out of date|outdated|out-of-date)
        (cleanup|clean-?up|cleaning up|bankruptcy|grooming)
        (been|sat|sitting|lain) (open|idle|here|untouched|around)
        (years?|months?|weeks?) (ago|old|without|with no|of (silence|inactivity))
        (lots?|much|a lot) (has|have) changed
        not (relevant|applicable|active|needed) any ?more
        not actionable
        {i} (was|were|has been) removed
        section (was|has been|is) removed
        since (this|it) was (opened|filed|created|submitted)
        i (will not|won't|can ?not|can't|couldn't|am unable to|(don't|no longer) have (the )?time to) {carry_on}
        (switched|changed|left|quit) (my |the )?(jobs?|company|employer)
        (anyone|anybody|someone|somebody) (\\S+ ){0,4}(pick|take|carry) ({this} )?(up|over)
        up for grabs
        """,
    Cue.DUPLICATE: """
        dup(e|licates?|licated)? (of|to|with|#N)
        a (dup|dupe|duplicate)
        is (the )?(same|identical) (\\w+ )?(as|to|issue)
        same (\\w+ )?(as|issue as|problem as|root cause as) (in )?#N
        (already |being )+(tracked|reported|discussed|covered|filed|handled|raised)
        (tracked|reported|covered|filed|handled) (in|by|at|under|as) (#N|https?)
        (is|are) (practically|nearly|almost|essentially|basically) (the same|identical|equivalent)
        subsumed
        (fold|folded|folding|merge|merged|merging) (this )?(issue )?into #N
        let's (track|continue|discuss|keep) (\\S+ ){0,5}(at|in|on|there)
        """,
    Cue.SUPPORT: """
        (stack ?overflow|mailing list|forum|forums|discord|slack|gitter|irc|zulip|discourse|github discussions?|discussions tab)
        (support|usage|user|general) (question|request|channel)s?
        (issue|bug) (tracker|template)
        feedback board
        hope (this|that|it) helps
        feature (requests?|ideas?|wishes) (have|go|belong|should|are)
        (this|our|the) (issue |bug )?tracker is (only |just )?(for|meant)
        (see|read|check|consult|refer to) (the |our )?(docs|documentation|readme|wiki|faq|guide|manual)
        (report|file|raise|open|post|ask) ({this} |an? \\w+ )?(upstream|there|elsewhere|with (the|your)|at the|on the)
        you('re| are)? (can|could|should|need to|have to|may|might|probably) (use|try|do|set|add|change|install|pass|call|run|want|just|also|get|put|write|update|be)
        try (to |this|the|using|running|with|adding|setting)
        (follow|fill|use|using|filled) (in |out )?(the|our|all|a) (\\w+ )?template
        feature requests? (\\w+ ){0,2}(special|separate|own) place
        """,
    Cue.NO_REPRO: """
        ({cant}|could not|couldn't|not able to|failed to|hard to) (\\w+ )?(reproduc|replicat|recreat|confirm|verify)~
        {cant} repro
        (no|without an?|minimal|reproducible|working) (\\w+ )?(repro|reproducer|reproduction|reproducible|test ?case|mcve|mwe)
        (need|needs|lack of|without|missing|provide|insufficient|not enough|more) (\\w+ )?(info|information|details|logs?|steps)
        not reproducible
        without (a |an )?(reproduction|reproducer|repro|test ?case)
        """,
    Cue.SPAM: """
        (spam|spammy|hacktoberfest|gibberish|off-?topic)
        please delete
        (just )?(a )?test(ing)? (issue|pr|pull request|ticket)
        what('s| is) this
        """,
    Cue.ACCIDENT: """
        (by|in) (mistake|accident|error)
        accident(al|ally|ly)?
        wrong (branch|button|base|fork|target|window|account|repo|repository|remote)
        (mistakenly|oops|ooops|woops|whoops|prematurely|unintentionally|inadvertently|brain fart)
        (muck|mess|screw|stuff|bork)(ed)? (\\w+ ){0,3}up
        (will|'ll|i am|i'm|going to|and) (re)?-?(open|opening|submit|create|make|send|file|push) (another|a new|a fresh|a clean|a separate|it again|again)
        (close|closing) (and|to) (re)?-?open
        ignore this
        """,
    Cue.PROCESS: """
        (split|splitting) (this|it|the|up|into|out|off)
        (rebase|rebased|rebasing|squash|squashed|force-?push~|cherry-?pick~|retrigger~)
        (ci|travis|jenkins|checks?|builds?|actions|workflow) (\\w+ ){0,2}({dont} (run|trigger|start)|is stuck|are stuck)
        (new|separate|another|smaller|fresh|clean|follow-?up) (prs?|pull requests?|branch|issues?|tickets?)
        manually (merged|applied|pushed)
        merged (manually|by hand|locally|via)
        merge conflicts?
        (wip|work in progress|nominat~|triage|milestone|commit message|cla)
        (transferred|moved|moving) (this )?(issue )?to (the )?(\\w+/\\w+|another repo|jira|discussions?)
        (needs|need) (to be )?(a )?(decision|decided|discussed|discussion|made)
        decision (\\w+ )?(needs|has) to be made
        my first (commit|pr|pull request|patch)
        to review here
        {i} (also |have |'ve )?(not yet|deleted|renamed|left|tweaked|cleaned up|rewrote|refactored|tried to)
        """,
    Cue.REQUEST: """
        (please|pls|can you|could you|would you|feel free|let (me|us) know|if you|do you|have you|are you)
        """,
    Cue.COURTESY: """
        (thanks|thank you|thx|appreciate|sorry|apologies|apologise|apologize|cheers|welcome|glad|lgtm|congrats|congratulations|nice (work|day|catch)|good (catch|idea|point))
        """,
    Cue.RETRACTION: """
        sorry, (\\S+ ){0,8}(wrong|mistake|fart|misread|confused)
        scratch that
        i (take|took) (that|it) back
        i was (wrong|mistaken)
        spoke too soon
        brain fart
        (wrong|mixed up the) (issue|button|thread|number)
        (reopening|reopened|re-opening|re-opened) ({this}|since|because|as|for|per|after)
        after all
        isn't closed
        (should|shouldn't|must|can|could) (\\w+ )?(not )?(be )?clos(e|ed) (until|before|yet|without)
        not (be )?closed (until|yet|before)
        (keep|leave|keeping|leaving) ({this} )open
        {this} (should|can|will|must|needs to) (stay|remain|be left|be kept) open
        what (i|we) (had |originally |once )?(said|say|wrote|told you) ([^\\s,.;:]+ ){0,6}{lapsed}
        (my|our) (\\w+ )?(answer|comment|objection|concern|reason|reasoning|argument)s? ([^\\s,.;:]+ ){0,4}{lapsed}
        {i}('ve| have)? changed (my|our) minds?
        """,
    Cue.GUESS: """
        (raised|raises|voiced|expressed) (\\S+ ){0,3}(concern|concerns|objection|objections|doubts)
        (perhaps|maybe|possibly|i guess|i suppose|i wonder|not sure|presumably|i hope|hopefully)
        {i} (might|could)
        (it|this|that) (might|could) be
        not (\\S+ )?sure (whether|if|that|what|how)
        """,
}


CUES: Final[Mapping[Cue, Pattern[str]]] = {
    cue: compile_phrases(phrases, words=_WORDS) for cue, phrases in PHRASES.items()
}


def find_cues(sentence: str) -> frozenset[Cue]:
    return frozenset(cue for cue, pattern in CUES.items() if pattern.search(sentence))
