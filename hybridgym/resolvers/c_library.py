"""What the standard library of C, POSIX and the C libraries of Linux and the BSDs call their functions."""

LIBRARY = frozenset(
    """
    abort abs acos acosh asctime asin asinh assert at_quick_exit atan atan2 atanh atexit atof atoi atol atoll bsearch
    btowc cabs calloc cbrt ceil clearerr clock copysign cos cosh creal ctime difftime div erf erfc exit exp exp2 expm1
    fabs fclose fdim feclearexcept fegetround feof ferror fesetround fflush fgetc fgetpos fgets fgetwc fgetws floor fma
    fmax fmin fmod fopen fprintf fputc fputs fputwc fputws fread free freopen frexp fscanf fseek fsetpos ftell
    fwprintf fwrite getc getchar getenv gets getwc getwchar gmtime hypot ilogb imaxabs isalnum isalpha isblank iscntrl
    isdigit isfinite isgraph isinf islower isnan isnormal isprint ispunct isspace isupper iswalnum iswalpha iswdigit
    iswlower iswprint iswpunct iswspace iswupper isxdigit labs ldexp ldiv lgamma llabs lldiv llrint llround localeconv
    localtime log log10 log1p log2 logb longjmp lrint lround malloc mblen mbrlen mbrtowc mbsinit mbsrtowcs mbstowcs
    mbtowc memchr memcmp memcpy memmove memset mktime modf nan nearbyint nextafter offsetof perror pow printf putc
    putchar puts putwc putwchar qsort quick_exit raise rand realloc remainder remove rename rewind rint round scanf
    setbuf setjmp setlocale setvbuf signal signbit sin sinh snprintf sprintf sqrt srand sscanf strcat strchr strcmp
    strcoll strcpy strcspn strerror strftime strlen strncat strncmp strncpy strpbrk strrchr strspn strstr strtod
    strtof strtoimax strtok strtol strtold strtoll strtoul strtoull strtoumax strxfrm swprintf system tan tanh tgamma
    time timespec_get tmpfile tmpnam tolower toupper towlower towupper trunc ungetc ungetwc va_arg va_copy va_end
    va_start vfprintf vfscanf vprintf vscanf vsnprintf vsprintf vsscanf vswprintf wcrtomb wcscat wcschr wcscmp wcscpy
    wcslen wcsncmp wcsncpy wcsrchr wcsstr wcstod wcstol wcstombs wcstoul wctob wctomb wmemchr wmemcmp wmemcpy wmemmove
    wmemset wprintf INT8_C INT16_C INT32_C INT64_C UINT8_C UINT16_C UINT32_C UINT64_C INTMAX_C UINTMAX_C

    accept accept4 access acl_free aio_read alarm alloca arc4random arc4random_buf arc4random_uniform asprintf
    backtrace backtrace_symbols basename bcmp bcopy be16toh be32toh be64toh bind bzero cfgetispeed cfgetospeed
    cfmakeraw cfsetispeed cfsetospeed cfsetspeed chdir chmod chown chroot clock_getres clock_gettime clock_nanosleep
    clock_settime close closedir closefrom closelog confstr connect creat crypt daemon dirfd dirname dladdr dlclose
    dlerror dlopen dlsym dprintf drand48 dup dup2 dup3 duplocale endgrent endpwent environ epoll_create epoll_create1
    epoll_ctl epoll_pwait epoll_wait err errx eventfd execl execle execlp execv execve execvp execvpe explicit_bzero
    faccessat fallocate fchdir fchmod fchmodat fchown fchownat fcntl fdatasync fdopen fdopendir ffs ffsll fgetln
    fileno flock flockfile fmemopen fnmatch fork forkpty fpathconf freeaddrinfo freeifaddrs freelocale freezero
    fseeko fstat fstatat fstatfs fstatvfs fsync ftello ftok ftruncate fts_close fts_open fts_read funlockfile futimens
    futimes fwide gai_strerror getaddrinfo getauxval getc_unlocked getcwd getdelim getdents getdtablesize getegid
    getentropy geteuid getgid getgrent getgrgid getgrgid_r getgrnam getgrnam_r getgroups gethostbyaddr gethostbyname
    gethostname getifaddrs getitimer getline getloadavg getlogin getnameinfo getopt getopt_long getpagesize getpeername
    getpgid getpgrp getpid getppid getpriority getprogname getpwent getpwnam getpwnam_r getpwuid getpwuid_r getrandom
    getrlimit getrusage getservbyname getservbyport getsid getsockname getsockopt gettid gettimeofday getuid glob
    globfree gmtime_r grantpt hcreate hdestroy hsearch htobe16 htobe32 htobe64 htole16 htole32 htole64 htonl htons
    iconv iconv_close iconv_open if_freenameindex if_indextoname if_nameindex if_nametoindex inet_addr inet_aton
    inet_ntoa inet_ntop inet_pton initgroups inotify_add_watch inotify_init inotify_init1 inotify_rm_watch ioctl
    isascii isatty kevent kill killpg kqueue lchown lcong48 le16toh le32toh le64toh lfind link linkat listen
    localtime_r lockf login_tty lrand48 lsearch lseek lstat madvise malloc_trim malloc_usable_size memalign
    memccpy memfd_create memmem mempcpy memrchr mincore mkdir mkdirat mkdtemp mkfifo mknod mkostemp mkstemp mkstemps
    mktemp mlock mlockall mmap mount mprotect mrand48 mremap msync munlock munlockall munmap nanosleep newlocale nftw
    nice nl_langinfo ntohl ntohs open open_memstream openat opendir openlog openpty pathconf pause pclose pipe pipe2
    poll popen posix_fadvise posix_fallocate posix_madvise posix_memalign posix_openpt posix_spawn
    posix_spawn_file_actions_adddup2 posix_spawn_file_actions_destroy posix_spawn_file_actions_init posix_spawnp ppoll
    prctl pread preadv pselect psignal pthread_atfork pthread_attr_destroy pthread_attr_getstack pthread_attr_init
    pthread_attr_setdetachstate pthread_attr_setstacksize pthread_barrier_destroy pthread_barrier_init
    pthread_barrier_wait pthread_cancel pthread_cond_broadcast pthread_cond_destroy pthread_cond_init
    pthread_cond_signal pthread_cond_timedwait pthread_cond_wait pthread_condattr_destroy pthread_condattr_init
    pthread_condattr_setclock pthread_create pthread_detach pthread_equal pthread_exit pthread_getspecific
    pthread_join pthread_key_create pthread_key_delete pthread_kill pthread_mutex_destroy pthread_mutex_init
    pthread_mutex_lock pthread_mutex_trylock pthread_mutex_unlock pthread_mutexattr_destroy pthread_mutexattr_init
    pthread_mutexattr_settype pthread_once pthread_rwlock_destroy pthread_rwlock_init pthread_rwlock_rdlock
    pthread_rwlock_tryrdlock pthread_rwlock_trywrlock pthread_rwlock_unlock pthread_rwlock_wrlock pthread_self
    pthread_setcancelstate pthread_setcanceltype pthread_setname_np pthread_setspecific pthread_sigmask ptrace ptsname
    putc_unlocked putenv pwrite pwritev qsort_r random rand_r read readahead readdir readdir_r readlink readlinkat
    readv realpath reallocarray recallocarray recv recvfrom recvmmsg recvmsg regcomp regerror regexec regfree renameat
    rewinddir rmdir sbrk scandir sched_getaffinity sched_setaffinity sched_yield seekdir select sem_close sem_destroy
    sem_getvalue sem_init sem_open sem_post sem_timedwait sem_trywait sem_unlink sem_wait send sendfile sendmmsg
    sendmsg sendto setegid setenv seteuid setgid setgroups setitimer setlinebuf setlogmask setpgid setpriority
    setprogname setpwent setregid setresgid setresuid setreuid setrlimit setsid setsockopt setstate settimeofday setuid
    shm_open shm_unlink shmat shmctl shmdt shmget shutdown sigaction sigaddset sigaltstack sigdelset sigemptyset
    sigfillset sigismember siglongjmp signalfd sigpending sigprocmask sigsetjmp sigsuspend sigtimedwait sigwait
    sigwaitinfo sleep sockatmark socket socketpair splice srand48 srandom stat statfs statvfs stpcpy stpncpy
    strcasecmp strcasestr strdup strerror_r strlcat strlcpy strncasecmp strndup strnlen strnstr strptime strsep
    strsignal strtok_r strtonum strverscmp strvis swab symlink symlinkat sync sysconf sysctl sysctlbyname sysinfo
    syslog tcdrain tcflow tcflush tcgetattr tcgetpgrp tcsendbreak tcsetattr tcsetpgrp tdelete telldir tfind timegm
    timelocal timer_create timer_delete timer_gettime timer_settime timerfd_create timerfd_settime times truncate
    tsearch ttyname ttyname_r twalk tzset ualarm umask umount uname unlink unlinkat unlockpt unsetenv unshare usleep
    utime utimensat utimes uselocale vasprintf vdprintf verr verrx vfork vis vsyslog vwarn vwarnx wait wait3 wait4
    waitid waitpid warn warnx wcscasecmp wcsdup wcsnlen wcswidth wcwidth wordexp wordfree write writev
    WEXITSTATUS WIFCONTINUED WIFEXITED WIFSIGNALED WIFSTOPPED WSTOPSIG WTERMSIG WCOREDUMP FD_CLR FD_ISSET FD_SET
    FD_ZERO S_ISBLK S_ISCHR S_ISDIR S_ISFIFO S_ISLNK S_ISREG S_ISSOCK CMSG_DATA CMSG_FIRSTHDR CMSG_LEN CMSG_NXTHDR
    CMSG_SPACE
    """.split()
)
