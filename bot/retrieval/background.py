"""How common words are in software English: stems by the information each carries.

Counted in 17,458 paragraphs of docstrings of the Python standard library and of the packages this project installs.
Written by bench/background_words.py; do not edit.
"""

from typing import Final

# Nats: -log of the share of paragraphs that hold the word. Words not listed here are rarer than UNSEEN says.
STEP: Final = 0.5
UNSEEN: Final = 8.2
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
    an are as by can class from name not on valu will with
    """,
    5: """
    all argument call default error file function list method none object option s set string true type when which
    """,
    6: """
    also ani arg at attribut but contain context creat data exampl except fals get given has have instanc key line
    match may modul must no number one onli other param paramet pass path provid python rais request result see
    should so specifi t then you
    """,
    7: """
    add after allow base befor byte case charact check code connect current defin dict differ do doe each either
    encod end field first format generat header http https implement import includ inform input instead into item
    iter like map messag more most need new note order otherwis pars process read requir respons run same sequenc
    server start str such support test text than there they time tupl user valid version was we where whether
    """,
    8: """
    access addit alreadi alway appli avail b becaus been between block both c cach callabl chang client close com
    command configur content convert custom decod depend dictionari direct directori doc element empti environ event
    execut exist express filenam follow form found func handl id ignor index indic info int json keyword languag
    last level local make mean mode multipl non normal open oper org origin output packag pattern posit possibl
    print py ref refer remov replac repres rfc schema script second self send separ singl some sort sourc specif
    standard state store stream subclass system take their them these token tri two up url variabl want window
    without work would wrap write x
    """,
    9: """
    about accept actual address annot anoth api applic array assert assum async attempt attr automat back behavior
    bodi bool bound buffer build callback cannot collect column compat compil complet config construct control copi
    core correspond count def delet deprec detail determin disabl display document doesn don dure enabl entri equal
    equival even everi exact expect explicit extens extra fail filter final find flag float foo frame full github
    group handler here host how html identifi initi integ interfac internal invalid io just keep left length librari
    limit load locat log look loop manag max maximum member metadata meth model modifi n never next node onc os out
    over overrid own page pair parent parser part per perform place point prefix present protocol queri rang raw re
    receiv recent record regist relat render report resourc root rule search section select serial share similar
    simpl sinc size socket spec special still stop strict style sys tabl tag target templat termin those thread
    through timeout tool traceback tree turtl under unicod unless until updat valueerror via wait warn way well what
    while width within word yield your zero
    """,
    10: """
    abc abov accord action activ against algorithm altern appear append appropri arbitrari ascii assign associ
    authent avoid await bar basic begin binari bit boolean break built calcul caller cancel caus child codec color
    combin comment common compar compon comput condit consid constructor cooki correct could d databas date datetim
    decim declar decor definit describ descript detect dir distribut doctest done effect els emit ensur escap etc
    evalu exc exit extend extract f failur fix futur generic git give global help hold hook howev httpx immedi init
    insert insid instal instanti interpret invok issu itself join known kwarg label lead least leav link liter
    logger long made main mani mark memori might miss my namespac necessari negat nest network newlin noth now occur
    offset old omit op organiz particular platform plugin pool port pre previous privat produc program properti
    proxi public pydant quot r rather recurs regular releas repositori represent resolv rest retriev right row
    runtim safe save scheme scope sent session signatur skip space split sql stack statement status step structur
    success suppli syntax task too top total transform treat txt typic union uniqu unix usag usual utf v var verifi
    versionchang web were whitespac whose widget workflow wrapper written www xml y
    """,
    11: """
    absolut abstract across adapt again alia anyth app archiv around asynchron attach auth author auto backend
    backward becom below best bind browser builtin button carri certain chain charset checker children chunk clear
    click cls come commit comparison compress consist constant constraint consum continu conveni convers coroutin
    counter creation cursor day debug deriv descriptor dev digit disk dispatch docstr domain dot down drop dump
    duplic e email en encount endpoint engin enter entir enum env eof exclud expand expir extendedcontext extern
    factori fall fallback featur fill finish forc formatt forward free frequenc fresh gencodec general guarante
    happen hash head hello helper high higher highlight i ident idl indent individu inherit intend interact interval
    isn iso kind know kw lambda larg later len less lexer listen loader lock logic longer lookup lower m merg meta
    migrat min mock move msg much multi na namedtupl nan notif np null num numer numpi obj obtain off our outsid p
    pack pad password patch pep plain plus polici popul post preced prefer preserv prevent probabl progress prompt
    propag proper purpos put pv pytest queue reach readabl real reason recommend redirect regex registri remain repo
    repr reset respect retri revers revis round rpc rtype runner sampl scan schemavalid screen secret serv setup
    sever shape short show side sign signal simpli someth span sqlalchemi ssl static stderr stdout strategi strip
    structlog sub subsequ suitabl sure symbol syntaxerror tab taken tell temporari term therefor thing though three
    togeth trace track trail transport trigger turn typeerror unchang undefin unit unknown unlik upper uri urllib us
    util variant various veri view w whole won ws year yet zone
    """,
    12: """
    ab abl account acquir act adjust affect age agent alchemi alias aliv along alpha ambigu amount ask ast asyncio
    awar background bad behav behaviour better bm boundari branch bytesio ca canon capabl captur care catch cell
    certif channel char choic clean comma complex compos concaten concret concurr conflict consol coordin cover cp
    cpu ctx cycl dataclass dateutil dbos deal decid delay delimit design desir develop dialect dialog diff discard
    disconnect distutil doubl draw ds dtype due earlier editor effici embed entiti eq establish everyth exceed
    exclus export expos expr famili fast fd fetch filesystem finder fit fixer flow flush fn fold font fraction fulli
    further go good grammar greater guess had heurist hint hostnam hour human hypothesi idna imag immut implicit
    incom incomplet increment inf infer infin inlin inner insensit inspect integr ip isinst kept keyerror latin
    legaci let letter lib linear lineno linux ll low lowercas ls mac machin maintain manual marker mcp meant measur
    mechan metric minimum mod month multipart narrow nativ neither notifi o observ occurr ok opentelemetri operand
    opt optim oserror overridden owner partial pathspec payload peer pend percent period permiss pickl pid pleas
    pointer portion pos posix postgresql precis predic prepar prereleas primari printabl prior prioriti problem
    processor project psycopg pull pure q qualifi quit random reader readi readlin realli recogn reduc referenc
    regardless reject relev reli remot repeat reserv restor restrict resum retain reus role rout runtimeerror
    satisfi sax sbl scalar schedul score secur segment selector semant sep seri servic sha shell shown silent slot
    smaller snowbal snowballstem softwar specifierset speed stale stat stdin stdlib stem storag subprocess subscript
    suffix suit suppress surfac symlink sync synchron tar throw thus timestamp timezon titl tk tls transact transfer
    translat travers truncat typeddict tz tzinfo u unexpect unpack upon ur usernam utc uuid vari vendor verbos
    versionad visibl walk whatev whenev wide wire worker world writer z zip
    """,
    13: """
    abcd abort addr advanc af afterward alemb align alloc alon alphabet alter analysi anchor angl answer anyio
    approach approxim aren argv articl asgi atom axi backslash bare baselin batch baz belong beta beyond big blank
    blob blue bottom box breakpoint broken bug builder bundl bytecod canva cap carrier categori caught center cert
    cfg chines choos chosen claim claud claus cleanup clip clock codepoint coeffici colon composit conform conn
    consecut convent cookiejar copyright corpus cpython credenti cross cs db de debugg defer del delta depth descend
    dest destin did didn discov dist distanc distinct distinguish divid download draft drawn driver dst dynam earli
    edg edit eg egg ellipsi emul enclos enforc english enough enqueu err especi exec executor exhaust explain explan
    expon ext faster few fine fire fixtur foreign four fragment framework frozen ftfi g ge getattr gitignor glob gnu
    goe got grant graph graphem graphic gt guard guid gzip h hand handshak hashabl height held hex hierarchi home
    httpcore hub iana ie impli importlib improv inclus increas independ indirect inet infinit inject instruct
    instrument intent intercept interest intermedi introspect invoc involv ir jar java javascript jinja jsonschema
    jwk k kernel l larger latest latter layer le live localhost logrecord longest lost lt macro mask master matcher
    matrix md meaning menu micsft middl millisecond mime minim minut mirror mix modern modif mous mozilla mutabl
    mypi navig ndarray necessarili negoti newli nor notat notic ns oauth offer often older opcod orm outer overflow
    overlap overload overwrit paramref parenthes parserel partit pathnam pdb persist person phase ping pipe pkg
    placehold playwright poll pop postgr potenti power practic prepend presenc press pretti primit profil prop
    protect push pygment queryparam rate red reflect refresh refus region renam replay resolut resp revalid rewrit
    routin say scale seek seen sensit sequencematch shouldn shrink shutdown signific simplifi site situat sl slash
    slice slight slow small smtp sock sometim soon sorteddict sortedlist sortedset sqlite squar src ss sslcontext
    stabl stamp statist stay struct subdirectori subject subset substitut substr subtyp succeed sum summari suppos
    switch tcp telemetri territori th theme themselv third timedelta timeouterror toplevel toward tracer transit
    trip trust turtlescreen unbound underscor understand uniform unittest unset unspecifi unsupport upgrad upload
    usabl validationerror verif virtual visit visitor vocab wcwidth webhook websocket websocketdisconnect week whi
    win wrong yaml zh zoneinfo
    """,
    14: """
    abbrevi abi absent accur adjac admit advantag advertis aix alert alphanumer although among analyz ansi anthrop
    anyway anywher ap apart appl arab architectur area arithmet arriv artifact asian aspect assertionerror assumpt
    asynccli attrib attributeerror audio augment autodetect autogener autom away band basemodel behind benefit bin
    bisect borrow bracket broadcast bsd bucket busi bypass bytearray bytestr bz cancellederror candid capac cast
    cdata cgi checkpoint circl circular cjk classic classmethod cldr cli clone closest closur cluster cmd co coerc
    col collaps collector communic compact complement complianc compliant complic compound confus consider const
    consult contigu contract contribut corner critic cronit css ctype datagram datatyp deadlin decis decl decrement
    defect degre deleg deliv denomin deploy deseri destroy detach devic diagnost digest dimens div divis django dll
    dns doctestrunn dom downgrad drive driven dt dummi dumper durat eager easi easier easili east echo effort elaps
    elicit elsewher emax emin endian enterpris enumer environmentcontext eoferror epoch es essenti estim eval eventu
    ever ex exceptiongroup exp expans expens expiri face fact factor fanci far favor feed ffi figur fileno fileobj
    finit flexibl focus foreground forev fork formal former fp friend front ftp fullnam fun functool gap garbag gen
    getitem getopt getter gettz gmt googl goto grace grain green greenlet grid gui half hant hard hasn hi hidden
    hide highest histor histori hit horizont httpbin httpconnect httprespons hyperlink hyphen idea idempot idnaerror
    ietf iff imap impl importerror incorrect indexerror inexact ini inputrequiredresult interpol intersect introduc
    invari invers ipv isol issubclass issuer itertool job js jump junk justifi jwt keepal kill lack lang langcod
    latn launch lazi leaf learn legal libpq licens lifetim light linesep lite lot lru lzma maco magic mail mailbox
    major malform mandatori manipul markdown markup math matter maxag maxsiz mayb me meet mention metaclass meter
    microsoft middlewar migrationcontext mimic minor minus mismatch mmap mojibak moment monospac mount movement mro
    ms mu multipli multiprocess mutat mutual mypyc naiv narg natur ndiff near nearest neg net newer nice
    noeventlooperror nonzero nth numba ob obsolet octet odd oid oneof onto opaqu ordinari orient outcom overview
    paragraph parametr parti past pathlib pathlik paus pc pdf pen peopl percentag permit phrase pick piec pin pip
    pipelin pixel polygon polynomi popen popup preparedrequest preprocess preprocessor primarili proc proceed
    product promis ps psutil publish pyc pypi question quick quiet rare ratio rb reachabl recoveri recreat recurr
    recv refactor regress relationship remaind rememb repli reproduc req respond restart review rich rotat rrule
    scroll sd sdk seed seem sens sentinel seq sequenti serializ setattr setter setuptool sgr shall shard shaw shield
    shift sig simpler simplest simultan singleton sit skl sleep sloppi snapshot sortedkeylist spam spawn spell sq
    startup std stmt stringio strong stub submodul subtag subtract subtre subwidget suggest super superclass surrog
    surround suspend tarinfo tcl team tear teardown templatelookup temporarili testcas testresult textiowrapp think
    tie timer tix toggl touch tracest tradit transpar trap trim tripl ts twice twist typeguard typevar udp ultim
    unavail und undo universal unquot unsaf unus uppercas upstream val varianc ve vector vertic viewer violat visual
    vocabulari vs weekday wheel wherea white who wikipedia wildcard wish writabl wsgi xmlrpc xn xx xxx yes yourself
    zipfil
    """,
    15: """
    abandon abcdef ac accident accumul accuraci acknowledg ad adher admin aggreg ahead ai aifc aiff aka alg algebra
    almost am analog analys ancestor anim anonym anymor anyof appnam approx ar arang arbitrarili arch argumentpars
    aris arrow assembl assertequ audienc averag backport backup basenam basi basicconfig bcp bg bitmap black
    boilerpl bold borderwidth boundlogg br bunch cacheabl cacheopt calendar callsit came canonic capit caution cb cc
    ccompil cd cesu cf cfws chanc chebyshev checkout checksum circumst classvar closedresourceerror closer cm cmp
    collis colorama committ comp comprehens compresslevel concept concern conf configpars confirm conjectur
    conjecturedata conjunct connectionpool conserv consolerender constrain contextlib contextu contextvar copilot
    coro cost couldn counterpart cours covari coverag cpp crash criteria crlf csc csv cumul cur cut daemon dash
    daylight dbm dd ddl dead dec decreas deep deliber deliveri demo deni dep deprecationwarn dequeu detector
    determinist deviat diagram differenti dimension dirnam dis disallow discoveri discrimin dispos disposit dlopen
    dnd doctestfind doctestpars dos drag dri dtd dunder ecir ehlo elimin emoji emptiv enc encourag encrypt enhanc
    enq entropi entrypoint era erron esmtp etag etal eu evolv examin exchang executemani expandtab experiment facil
    fashion fault fewer ff ffff fg fileinput filelist fillchar fillcolor fiq five flat flatten flight flip floor
    folder foobar foreignkey forget forwardref fr freed freq fs fuzzi gate gateway gather gaug gb gc getstat
    gitignorespec great greek greet grow gz han hardwar heap helo henc hermit highlightbackground highlightcolor
    highlightthick histogram holder honor hookspec hope httpadapt httperror httptransport hyperscan ib ic icom
    idleconf idlelib idx imaginari imposs inbound inc incompat inconsist inspir inst instant internet interrupt
    interspers irang ital ivar j ja jan januari japanes jimmylin jit jo jsonrpc kamphui keybind kid knowledg la
    languagetagerror largest layout lazili leak leftmost lex lexicograph lf linker littl loc localtim login logo
    lookuperror lose ma machineri macrolanguag makefil mako mapper marketplac materi maxim mcperror media median mem
    membership memoiz mess met metavar microsecond mid mind misc mixin mm modelcontextprotocol modulo monitor
    monolith msgpack mssql msvc mtime multilin multiplex museum mysql nameerror ne netmask newest nntp nois normalis
    notabl notebook notion obvious occupi offlin oldest om onclick onward oppos oracl ordereddict orig osc outgo
    outlin overal overhead overwritten ownership packet panda parallel paramspec parenthesi parseresult pem pencolor
    percentil perhap perman physic pi plan play plist pluginmanag popular posn pow pprint pq prec pred predefin
    preprint preset presum prog programmat prometheus promot propos provision prune pseudo punctuat purepath pycon
    pydoc pyjwk pypars queu quotat race radiobutton ration rbac readm reassign rebuild recognis recov redefin
    refcount regard regexp registr relativedelta reliabl relief reload reopen repetit replic requestsubscript res
    reshap resizemod returncod rev reveal revok rewind rightmost roll rollov room rough rprimit safeti scenario
    scrollbar sdist se sec semaphor sender serbian setitem setpo sh shallow shapes shortcut shorter shot sibl
    signifi sigterm simplecooki simplexmlrpcserv simul smallest snan snippet soft sole solut solv someon somewhat sp
    spars splitlin sse ssh st stage stand standalon starlett staticmethod stemmer stopiter streamread streamwrit
    strftime stuff subel submit subnorm subscrib subscriptionslistenrequestsubscript suffici sun surrogateescap swap
    symmetr syntact tabsiz takefocus tarfil tb te tempfil textual textwrap thereof thin threshold thrown tier
    tkinter todo toler toml toolset topic tp tr transmiss transmit trio trivial truth tti ttk ttl turkish turtleshap
    typ typecheck typeinfo tzfile ud uid ul um un unabl unam unclaim uncompil uncompress uncondit underlin unescap
    unfortun unifi unlex unlink unlock unmap unmodifi unpickl unreach unrecogn untouch untrust unwrap urlopen
    urlpattern userinfo usr ut uvicorn uwaterloo variad ver verbatim versionrang wake wasn watch watcher wb weak
    websocketnetworkerror weight wider wiki wise wordfreq wordlist worktre xb xff xmlreader xtversion xyz xz york
    zipimport zlib
    """,
    16: """
    aa abil abrupt abstractmethod accommod achiev adaptcontext adaptersmap administr admiss adopt advisori affin
    agre aim allof alphanum america amt anchorlink annoy apach approv arc argnam argpars argvalu aria arm arrang
    assist assoc asyncmock asyncwebsocketsess attack attent aud audit autocommit autoescap automaton autospec
    auxiliari awaken axe azerbaijani backoff backslashreplac backspac baggag balanc barrier baseexcept bc bd bdb
    bearer becam besid bidi bill binascii bitwis blanklin blog bom book border bpnumber bpo brace bridg bring
    broader btn budget buf bufferedread bufsiz builddat bulk bytewis byxxx bzip callbackopt calledprocesserror
    capsul carriag cat cdef cedilla centibel central certfil cffi chainmap characterist charg charjunk checkbutton
    chooser chr chromium cipher citi cl clamp classifi classir clipboard cloud coalesc collabor colormap colormod
    colorstr colour combobox companion conclud conclus conftest conninfo consequ contextmanag contrast contravari
    contributor cook cooper correl cpus cr crc createmessag criterion cron cryptographi cte ctrl curv customis cyril
    damag dark dat dataset datasourc dbapi deactiv deadlock dealloc decompress dedic dedupl deem deflat deg degrad
    delitem demand denial denot despit dgram difficult disappear disassembl discern disclaim discret discuss
    disjoint distributionfind diverg doctestsuit dont dotenv downstream drain duck dumb eas eastern ed ef einsum el
    elementtre elif em encapsul entitl envelop envvar ep epilog est european eventloop everywher evict excel exe
    explor exponenti exportselect extent extlang extraglob extrem fair familiar fastest fatal fds feasibl fffd fft
    fieldinfo fifo fileexistserror filetyp findal fish fmt fnmatch forth foundat fqdn freebsd french freshen
    frozenset fulfil fullwidth funcdef furthermor fuzz gcc german getlogg getmemb gettext gh gi giampaolo gid gif
    gil gitignorespecpattern globaln glue goal gone gradual granular greedi guest hack handi hang hardlink hashlib
    haven health heavi hebrew hexadecim hh hierarch hk honour hookwrapp hop href htab htest htmllexer
    httpconnectionpool httpheaderdict huge hyper hypertext ibm icon idb ideal ignoreinvalid illeg illustr impact
    impos inact incorpor incrementaldecod incrementalencod indetermin ineffici inher insuffici intact intellig
    intenum interfer interior interleav internation interoper intrins intuit invalidvers invert iobas ioerror
    ipaddress irbuild irrelev islic issuecom iteritem iterkey jieba joiner jpeg jsonencod jsonl june kafka kb keyfil
    keyfunc keyset ki kib kingdom korean kwds labelfram laguerr land late latenc latex lax leakcheck leftov legendr
    lenient lexic li liabl libc libfoo life lifecycl lifespan likewis linalg linejunk listbox localn
    localprotocolerror logarithm loggerprovid longmessag loos loss lowest lstrip lvalu lzmafil magicmock maker malay
    man mandarin mandat mandatoryreleas manifest markdownit marshal masint matchmedia matric maxlen maxlinelen
    maxretryerror mbox mcpserver mecab mega memo menus merchant mere meterprovid mi midnight migrationscript million
    mimetyp miscellan mit mkdir mkstemp mo mon monday monkeypatch monoton motion movi msvccompil multical myclass
    myfil mymodel nb nbyte netloc netscap newtyp nextfil nfc nfkc nicer nobodi nodetransform nodevisitor
    nosuchprocess notimpl notimplementederror notrequir nowait nowrap nt nullabl nyc occasion octal okay oneormor
    onlin openssl opportun opposit optionflag optionpars ore otel outbound outright overflowerror overlay pa packrat
    padi padx pager pagin pane parameter paren park parserinfo passiv passwd paste patt pdbtestinput peekabl pensiz
    percpu perfect perl perm pgconn pgen php pickler pl plat pluggi plural pm poli poolmanag popitem portabl portal
    portugues posixpath pragma precondit prefixlen preload prev prime primitiveprovid princip printer printsql probe
    procedur processorformatt programm prohibit proport proto prototyp pt pth pti punycod pvarianc pyconfig
    pyopenssl pyproject pyshel qname qnan qualiti quantiz querystr radd radian ran rational rawiobas rc readinto
    readthedoc realm rebind recip recipi reconnect rectangl redefinit redund refin refold reformat regener
    regexpattern reimplement rel remap remoteprotocolerror reorder repl requesterror requestresourc rerais resiz
    retent retr revert rgb risk rjust rollback romanian router rpm rs rst rt rtf runtest runtimecontext rust rw sa
    san sandbox scc sci scipi scl searchengin secondari secretscollect seekabl selectbackground selectforeground
    semicolon sendfil sendmail sensor sentenc setstat shas shearfactor shim ship shorten shortest shorthand shrinker
    shut sigchld sigkil sigma simplejson simplic singular six slave slider slope slower smtputf socketio somewher
    sophist sortabl spanish speak speaker specificationpolici spent sphinx splice splitter sr sslsocket
    stackoverflow stacksummari stall star stdio steal stopword straight straightforward strang streamabl streamhandl
    stretch stretchfactor strictvers strikethrough subcommand sublist subpart subpattern subprotocol successor
    summar sunday supersed surviv svg svr synthet syscal systemexit tagnam tail tamil tarbal taskgroup taskhandl
    technic techniqu telnet temp temperatur tend testmod testsuit textfixerconfig textvari textwrapp thought
    thousand tild tilt timeit timeoutexpir tl tmp tok tokenlist told traffic trailer transcod transient transliter
    treatment treeentri trial triangl trick troubl truthi tunnel tw typeadapt typedef typei typevartupl tzoffset
    tzres tzstr tzutc uax ui unaffect unambigu unbind underflow undocu undon unexpectedexcept unfold unhandl
    unicodestr unnecessari unpars unprocess unprovid unread unregist unrel unreserv unsatisfi unsign untoken unusu
    upsert urlencod urlpars usageerror usercfg userwarn utest validationinfo vandermond vararg variat varkw varnam
    vchar versionconflict versionpred versus video viewport vulner wall warranti water wcswidth weakref
    websocketsess welcom whatwg whenc whichev witch workspac worri wors worth wouldn writelin xid xmlparser
    yearfirst yellow yue yyyi za zipf zipimporterror zoneinfofil
    """,
}
