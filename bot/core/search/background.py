"""How common words are in software English: stems by the information each carries.

Counted in 16,983 paragraphs of docstrings of the Python standard library and of the packages this
project installs. Written by bench/background_words.py; do not edit.
"""

from typing import Final

# Nats: -log of the share of paragraphs that hold the word. Words not listed here are rarer than
# UNSEEN says.
STEP: Final = 0.5
UNSEEN: Final = 8.1
STEMS_BY_STEPS: Final = {
    1: """
    the
    """,
    2: """
    a and is of to
    """,
    3: """
    be for if in it or return that this use
    """,
    4: """
    an are argument as by can class from function name not on string valu will with
    """,
    5: """
    all call default error file list method none object option paramet python s set true type when
    which
    """,
    6: """
    also ani at attribut but contain context creat current data exampl except fal get given has have
    inform instanc key line may modul must no number one other pass path provid rai request result
    see should so specifi t then you
    """,
    7: """
    add after allow base befor byte case charact check code command config connect defin delet dict
    differ directori do document doe each either encod event exist field first format generat header
    http https implement import includ input instead integ into item iter like map match messag more
    most need new note oper order otherwi par process read refer respon run same server specif start
    stream such support system test text than there they time tupl user valid version was we where
    whether
    """,
    8: """
    access addit alreadi alway appli applic avail b been between block bool both c cach callabl
    chang client close com complet content convert custom definit depend dictionari direct element
    empti end environ execut express fail filenam follow form found handl id ignor index indic
    initiali json keyword last length level locali make manag maximum mean mode multipl non normal
    open organi origin output packag pattern point posit possibl print replac repr requir rfc schema
    second self send separ sequenc singl some sort sourc state store subclass take them these thread
    token tri two under up updat url variabl want window without work would wrap write x
    """,
    9: """
    about accept actual address annot anoth api array assert asynchron attempt authent automat back
    becaus behavior bodi bound buffer build callback cannot collect column compat compil construct
    control copi core correspond count databa decod decor deprec detail determin disabl doesn don
    dure enabl entri equal equiv even everi exact expect explicit exten extra filter final find flag
    float foo frame full github global group handler here host how html identifi interfac internal
    invalid io just keep left librari limit load locat log look loop member metadata meth model
    modifi n never next node onc os out over overrid own page pair parent parser part per perform
    place platform pool prefix present properti protocol queri rang raw re receiv recent record
    regist relat render report repositori resourc root rule runtim script search section select
    serial share simpl sinc size socket special sql standard statement status stop strict style tabl
    tag target task templat termin their those through timeout tool traceback tree turtl unless
    until valueerror via wait warn way well what while within workflow y yield your zero
    """,
    10: """
    abc abov accord action activ against alia altern appear append appropri arbitrari ascii assign
    associ assum avoid await bar basic begin binari boolean built calcul caller cancel caus child
    codec colour combin comment common compar compon comput condit consid constructor cooki correct
    could d date datetim decim declar describ descript detect develop display distribut doctest done
    effect el emit ensur escap etc evalu exc exit extend extract f factori failur futur generic git
    give help hold hook howev httpx immedi inherit insert insid instal instanti interpret invok issu
    itself join kwarg label lead least leav link liter logger long made main mani mark memori might
    minimum miss move my namespac necessari negat nest network noth notif now occur offset old omit
    particular pep plugin port post pre previous privat produc program proxi public pydant queue
    quot r rather recur regular relea repres resolv rest retri retriev right row safe save scheme
    scope sent session signatur similar skip space stack step still structur success suppli
    synchroni syntax too top total transform treat txt typic unicod union uniqu unix usag usual v
    verifi versionchang web were whitespac whose widget word wrapper written www xml
    """,
    11: """
    absolut abstract across adapt again algorithm anyth archiv around asyncio attach author auto
    backend backward becom below best bind bit break browser builtin button capabl carri certain
    chain charset checker children chunk clear click cls come commit comparison compress consist
    constant constraint consum continu conveni conver coroutin counter creation cursor day debug
    deriv descriptor destin digit disk dispatch docstr domain dot down drop dump duplic e email en
    encount endpoint engin enter entir enum eof exclud expand expir extendedcontext extern fall
    fallback featur finish fix forc formatt forward free fresh gencodec general guarant happen hash
    head hello helper highlight i ident idl indent individu intend interact interval isn job kind
    know known kw lambda languag later less lexer listen loader lock logic longer lookup lower m
    maintain merg meta migrat mock much na namedtupl nan newlin np null numer numpi obtain off our
    outsid p pack password patch period plain plus polici postgresql prefer preserv prevent probabl
    progress prompt propag proper psycopg put pv pytest reach readabl real reason recommend redirect
    regex registri remain reset respect revi round rpc rtype runner sampl scan schedul schemavalid
    screen secret serv setup sever shape show side sign signal simpli someth span split sqlalchemi
    ssl static stderr stdout strategi strip structlog sub subsequ suitabl sure symbol syntaxerror
    tab taken tell temporari therefor thing though three timezon togeth trace track trail transport
    trigger turn typeerror unchang undefin unknown unlik upper uri urllib us utf util various vendor
    veri view w whole width won worker ws year yet zone
    """,
    12: """
    ab abl abort account acquir act adjust affect age agent alchemi aliv along amount ask ast atom
    awar background bad behav behaviour better blank bm branch bytesio ca canon canva captur care
    catch certif channel choic clean comma complex compo concaten concret concurr conflict consol
    coordin cover cp cpu cycl dataclass dateutil dbos deal defer delay delimit design desir dialect
    dialog discard disconnect distutil doubl draw ds dtype due dynam earlier editor effici emb
    entiti eq establish everyth exceed exclus executor expo export famili fast fd fetch filesystem
    fill finder fine flow flush fold font fraction frequenc fulli further go grammar greater had
    heurist high higher hint hostnam hour human hypothesi idna imag immut implicit incom incomplet
    increment inf infer infin inlin insensit inspect instrument integr ip isinst iso jar kept
    keyerror larg legaci let linear lineno linux ll localhost low lowerca ls mac machin manual
    marker mcp measur mechan metric mod month multi multipart nativ neither nor notifi o observ
    occurr ok older opentelemetri operand optim orm oserror outer overridden owner pad partial
    pathspec payload peer pend percent permiss pickl pid playwright plea pointer popul portion posix
    potenti prece preci predic prepar prerelea primari primit printabl prior prioriti problem
    processor project pull pure purpo q qualifi random reader readi readlin realli recogn reduc
    referenc regardless reject relev reli remot repeat reserv restor restrict resum retain reus
    revalid rever role rout runtimeerror satisfi sax scalar score secur selector semant sensit sep
    seri servic sha shell short shown shutdown silent slot specifierset speed stale stat stdin
    stdlib storag subprocess subscript succeed suffix suit sum suppress surfac switch symlink tar
    term throw thus timestamp titl tk tls transact transfer translat traver truncat typeddict tzinfo
    unexpect unit unpack upon ur usernam utc uuid vari variant verbo versionad visibl walk whatev
    whenev wire world writer z zip
    """,
    13: """
    abcd advanc afterward alemb align alloc alon alpha alter ambigu analysi anchor angl answer anyio
    ap approach approxim argv articl asgi axi backslash bare baselin batch baz behind belong beta
    beyond big bin blob bottom boundari box breakpoint broken bug builder bundl bytecod cap carrier
    cast categori caught cert choo chosen claim classmethod claud claus cleanup clock coeffici
    collector colon complianc composit conform conn connector consecut convent cookiejar copyright
    corpus cpython credenti cross cs debugg decid del delta deploy depth descend did discov dist
    distinct distinguish divid django download draft drawn driver dummi durat ear echo edg edit eg
    egg ellipsi enclo enforc enough enqueu enterpri especi exhaust expon faster feed few fire fit
    fixer fixtur foreign four fragment framework frozen g ge getattr gitignor glob gnu goe good
    grace grant graph gt guard guess guid gzip h hand handshak hashabl height held hex hierarchi
    home httpcore hub iana ie impli importlib improv inclus increa independ indirect inet infinit
    inject inner instruct intent intercept interest intermedi interpol introspect invoc ir java
    javascript jinja jsonschema jwk jwt k kernel l larger latest latter launch layer le leaf legal
    letter lite live logrecord longest lost lt macro magic mandatori mask master matcher math matrix
    md meant menu metaclass micsft middl middlewar millisecond mime minim minut mirror mix modif
    mous mozilla mutabl mutat mypi narrow navig ndarray necessarili negoti newli notat notic ns
    oauth offer often oid opcod overflow overlap overload overwrit paramref parenth parserel partit
    past pathnam paus pdb persist person phase ping pipe placehold poll pop power practic prepend
    presenc press pretti profil protect push pygment pypi queryparam quick quiet quit rate red
    reflect refresh refus region renam replay resolut review rewrit routin say seek seen segment
    sequencematch shouldn shrink signif site sl slash slice slight slow small smaller smtp sock
    softwar sometim soon sorteddict sortedlist sortedset sq sqlite squar ss sslcontext stabl stamp
    statist stay struct subdirectori subject subset substitut subtyp summari suppo tcp telemetri
    testresult th theme themselv third timedelta timeouterror timer toplevel toward tracer transit
    trip trust turtlescreen typevar u unbound underscor understand uniform unittest unset unspecifi
    unsupport unus upgrad upload usabl validationerror vector verif virtual visit visitor vocab
    webhook websocket websocketdisconnect week wheel whi wide wildcard win wrong wsgi yaml zoneinfo
    """,
    14: """
    abbrevi abi absent adjac administr admit advantag adverti af aix alert alphabet alphanum
    although among analyz ansi anthrop anyway anywh appl architectur area aren arithmet arriv
    artifact assertionerror assumpt asyncc attrib attributeerror audio augment autodetect autogen
    autom away basemodel benefit bisect blue borrow bracket broadcast bsd bucket busi bypass
    bytearray bytestr bz cancellederror candid capac cdata center cgi checkpoint circl circular
    classic cli clone closur co codepoint coerc col collap communic compact complement compliant
    complic compound concept confus connectionpool const consult contextvar contigu contract
    contribut corner critic cronit css ctype datagram datatyp de deadlin deci decrement defect degr
    deleg deliv deseri destroy detach devic diagnost didn digest dimen dispo div divi dll dns
    doctestrunn dom downgrad drive driven dt dumper eager easi easier easili effort elap elicit
    elsewh emax emin emul endian environmentcontext eoferror epoch essenti eventu ever ex
    exceptiongroup exp expen expiri explain explan face fact factor fanci far favor ffi figur fileno
    fileobj finit flexibl focus foreground forev fork former fp friend front ftp fullnam fun
    functool garbag getitem getopt getter gettz gmt googl got goto grain graphic green greenlet grid
    gui half hard hasn hidden hide highest histori hit httpbin httpconnect httprespon hyphen idea
    idempot idnaerror ietf iff imap importerror incorrect indexerror inexact ini inputrequiredresult
    intersect introduc invari inver involv ipv isol issubclass issuer itertool jump junk keepal kill
    latin lazi leak learn libpq licenc lifetim linesep lot lru lzma maco mail mailbox major malform
    manipul markdown markup matter maxag maxsiz mayb meet mention meter microsoft migrationcontext
    minor minus mismatch mmap modern mount mro ms mu multipli multiprocess mypyc naiv narg natur
    ndiff near nearest neg net newer nice noeventlooperror nonzero nth numba ob octet odd oneof onto
    opaqu ordinari orient outcom overview paragraph parametr parti pathlib pathlik pc pdf pen
    percentag permit pick piec pin pip pipelin pixel polygon polynomi popen popup preparedrequest
    preprocessor primarili proc proceed procrastin product promi psutil pyc question rare ratio
    ration rb reachabl recov recoveri recreat recurr recv refactor regress relationship remaind
    rememb repli reproduc respond restart rich rotat rrule scale scroll sd sdk seed seem sen
    sentinel seq sequenti serializ setattr setter setuptool shall shard shield shift simpler
    simplifi simultan singleton sit situat skl sleep snapshot sortedkeylist spam spawn spell startup
    std stem stringio strong stub submodul substr subtr subtract subwidget suggest super superclass
    surround suspend tarinfo tcl team tear teardown templatelookup temporarili testca textiowrapp
    tie tix todo toggl touch tracest transpar trap trim tripl twice typeguard typescript udp ultim
    unavail undo unquot unsaf upstream varianc ve viewer violat vocabulari vs weekday wherea who
    wish writabl xmlrpc xn xx xxx yes yourself zipfil
    """,
    15: """
    abandon abcdef ac accid accumul accur accuraci achiev acknowledg ad adher aggreg ahead ai aifc
    aiff aiopg aka alg algebra almost am anali analog ancestor anim anonym anymor anyof apart appnam
    approx arang arch argumentpar ari arrow aspect assembl assertequ audienc averag backport backup
    band basenam basi basicconfig bg bitmap black blueprint bold borderwidth boundlogg cacheabl
    cacheopt calendar callsit came cat caution cc ccompil cd cell cf cfws chanc chebyshev checkout
    checksum circumst classvar closedresourceerror closer closest cm cmp colli colorama committ comp
    comprehen compresslevel concern configpar confirm conjectur conjecturedata conjunct conserv
    consolerend constrain contextlib contextu copilot coro cost couldn counterpart cour covari
    coverag cpp crash criteria crlf cron csc csv cumul cur cut daemon dash daylight dbapi dbm dd ddl
    deactiv dead dec decrea dedic deep delib deliveri demo deni denomin deprecationwarn dequeu
    determinist deviat diagram differenti dimens dirnam dis disallow discoveri discrimin disposit
    dlopen dnd doctestfind doctestpar dos drag dri dsn dtd dunder ecir ed ehlo emptiv encapsul
    encourag encrypt enhanc entrypoint era es esmtp estim etag etal eu evolv examin exchang
    executemani expan experi facil fashion fault fewer ff ffff fg fileinput filelist fillcolor fiq
    five flat flatten flight floor foobar foreignkey forget formal forwardref freed fs gap gate
    gateway gather gaug gc getstat gitignorespec great greet grow gz hardwar heap helo henc hermit
    hi highlightbackground highlightcolor highlightthick histogram histor holder honor hookspec hope
    httpadapt httperror httptransport hyperscan ib ic icom idleconf idlelib imaginari imposs inbound
    inc incompat inconsist inspir inst instant internationali internet interrupt intersper irang j
    jan januari jimmylin jit jo jsonrpc kamphui keybind kid knowledg la lack largest layout lazili
    lex lexicograph lf light linker littl loc localtim login logo lose ma machineri makefil mako
    mapper marketplac materi mcperror me media median membership memoiz mess met metavar microsecond
    mimic mind misc mixin mm modelcontextprotocol modulo moment monitor monolith movement msgpack
    mssql msvc mtime multilin museum mutual mysql nameerror ne netmask newest nntp noi normali
    notabl notebook notion nowait obsolet obvious offlin oldest om onclick onward oppo oracl
    ordereddict orig outgo outlin overhead overwritten ownership packet panda parallel paramspec
    parenthesi parseresult pem pencolor peopl percentil perhap perman phrase physic pi plan play
    plist pluginmanag popular posn pow pprint pq prec pred predefin preprint preprocess preset
    presum prog programmat prometheus promot propo provis prune ps pseudo publish punctuat purepath
    pycon pydoc pyjwk pypar queu quotat race radiobutton rbac reassign rebuild recogni redefin
    refcount regard registr relativedelta reliabl relief reload reopen repetit replic
    requestsubscript reshap resizemod returncod rev reveal revok rewind roll rollback rollov room
    rough rprimit safeti scenario scrollbar sdist se sec semaphor sender setitem setpo sh shallow
    shortcut shorter shot shut sibl sigterm simplecooki simplest simplexmlrpcserv simul smallest
    snan snippet soft sole solut solv someon somewhat sp spar splitlin sse ssh st stage stall stand
    standalon starlett staticmethod stemmer stopit streamread streamwrit strftime stuff subel submit
    subnorm subscrib subscriptionslistenrequestsubscript suffici sun surrogateescap swap symmetr
    syntact takefocus tarfil tb te tempfil textual thereof thin think threshold thrown tier tkinter
    toler toml toolset topic tp tr tradit transmiss transmit trio trivial truth tti ttk ttl
    turtleshap twist typ typecheck typeinfo tzfile ud uid ul um unabl unam unclaim uncompil
    uncompress uncondit unifi universal unlex unlink unlock unmodifi unpickl unreach unrecogn unrel
    untouch untrust unwrap upperca urlopen urlpattern userinfo usr ut uvicorn uwaterloo variad
    verbatim versionrang vertic visual wake wasn watch watcher wb weak websocketnetworkerror weight
    white wiki wikipedia wise worktr xff xmlreader xz york zipimport zlib
    """,
    16: """
    aa abil abrupt abstractmethod adaptcontext adaptersmap admiss adopt advisori affin ago agr aim
    allof america amt anchorlink annoy apach approv arbitrarili arc argnam argpar argvalu aria arm
    arrang assist assoc asyncmock asyncwebsocketsess attack attent aud audit autocommit autoescap
    automaton autospec auxiliari awaken axe backoff backslashreplac baggag balanc barrier baseexcept
    bd bdb bearer becam besid bidi bill binascii bitwi blanklin blog boilerpl bom book border
    bpnumber bpo brace bridg bring budget buf bufferedread bufsiz builddat bulk bunch bytewi byxxx
    bzip callbackopt calledprocesserror capit capsul cdef central certfil cffi chainmap characterist
    charg charjunk checkbutton chooser chr chromium cipher citi cl classir clipboard cloud coalesc
    collabor colormap colormod colorstr combobox companion conclud conclus conftest conninfo consequ
    contextmanag contrast contravari contributor cook cooper correl cpus cr crc createmessag
    criterion cryptographi cte ctrl curv customi damag dark dat dataset datasourc deadlock dealloc
    decompress deem deferr deflat deg degrad delitem demand denial denot despit detector dgram
    difficult disappear disassembl discern disclaim discret discuss disjoint distanc
    distributionfind diverg doctestsuit dont dotenv downstream drain duck dumb ea east eastern ef
    einsum elementtr elif elimin em enc english entitl entropi envelop envvar ep epilog erron est
    eventloop everywh evict excel exe explor exponenti exportselect extent extraglob extrem fair
    familiar fatal fds feasibl fft fieldinfo fifo fileexistserror filetyp flip fnmatch forth foundat
    fqdn freebsd freq freshen frozenset fulfil funcdef furthermor fuzz fuzzi gcc getfram getlogg
    getmemb gettext gh gi giampaolo gid gif gitignorespecpattern globaln glue goal gone gradual
    granular greedi guest hack handi hang hardlink hashlib haven health heartbeat hexadecim hh
    hierarch honour hookwrapp hop horizont howto href htab htest htmllexer httpconnectionpool
    httpheaderdict huge hyper hypertext ibm icon idb ideal ignoreinvalid illeg illustr impact impo
    inact incorpor incrementaldecod incrementalencod inher insuffici intact intenum interfer
    interior interleav intrin invalidv invert ioba ioerror ipaddress irbuild irrelev islic issuecom
    ital iteritem iterkey ivar jpeg jsonencod jsonl june justifi kafka kb keyfil keyfunc keyset ki
    kib kwds labelfram laguerr land late latenc latex lax leakcheck leftov legendr lenient lexic li
    liabl libc libfoo life lifecycl lifespan likewi linalg linejunk listbox localn
    localprotocolerror loggerprovid longmessag loo lookuperror loss lowest lvalu lzmafil magicmock
    maker man mandat mandatoryrelea manifest markdownit marshal masint matchmedia matric maxlen
    maxlinelen maxretryerror mbox mcpserver mega memo menus merchant mere meterprovid mi mid
    midnight migrationscript mimetyp mit mkdir mkstemp mo mon monday monkeypatch monoton motion movi
    msvccompil multic multiplex myclass myfil mymodel nb nbyte netloc netscap newtyp nextfil nobodi
    nodetransform nodevisitor nosuchprocess notimpl notimplementederror notrequir nowrap nt nullabl
    nyc occas okay oneormor onlin openssl operationalerror opportun opposit optionflag optionpar ore
    otel outbound outermost outright overflowerror overlay pa packrat padi padx pager pagin pane
    paren park parserinfo passiv paste patt pdbtestinput peekabl pensiz percpu perfect perl perm
    pgconn pgen php pickler pl plat pluggi plural pm poli poolmanag popitem portabl portal posixpath
    pragma precondit prefixlen preload prime primitiveprovid princip printer printsql probe procedur
    processorformatt programm prohibit proto prototyp pth pti punycod pvarianc pyconfig pyopenssl
    pyproject pyshel qname qnan qualiti quantiz querystr radd radian ran rawioba rc readinto readm
    readthedoc realm rebind recip recipi reconnect rectangl redefinit refold reformat regen
    regexpattern reimplement rel remap remoteprotocolerror reorder requesterror requestresourc rerai
    res resiz retent retr revert rgb rightmost risk router rpm rs rst rt rtf runtest runtimecontext
    rust rw sa san sandbox scc sci scipi scl searchengin secondari secretscollect seekabl
    selectbackground selectforeground sendfil sendmail sensibl sensor setstat shas shearfactor shim
    ship shorten shortest shorthand shrinker sigchld sigkil sigma signifi simplejson singular six
    slave slider slope slower smtputf socketio somewh sophist sortabl specificationpolici spent
    sphinx splice splitter sslsocket stackoverflow stacksummari star stdio steal stopword straight
    strang streamabl streamhandl stretch stretchfactor strictver strikethrough subcommand sublist
    subpart subprotocol successor summar sunday supers surrog surviv svg svr synthet syscal
    systemexit tagnam tail tarbal taskgroup taskhandl technic techniqu telnet temperatur testmod
    testsuit textvari thought thousand threadpoolexecutor tilt timeit timeoutexpir tl tok tokenlist
    told traffic trailer transient treatment treeentri trial triangl trick troubl truthi tunnel
    typeadapt typedef typei typevartupl tzoffset tzres tzstr tzutc ui un unaffect unambigu unbind
    underflow underlin undocu undon unescap unexpectedexcept unfold unfortun unhandl unicodestr
    unmap unmarsh unnecessari unpar unprocess unprovid unread unregist unreserv unsatisfi unsign
    unusu upsert urlencod urlpar usageerror usercfg userwarn utest validationinfo vandermond vararg
    varkw varnam vchar versa versionconflict versionpr versus vice video viewport vulner wall
    warranti water weakref websocketsess welcom whatwg whenc whichev wider witch workspac worri
    worth writelin xb xid xmlparser xyz yearfirst yellow yyyi zipimporterror zoneinfofil
    """,
}
