/* Writes down, in order, what a program asks of the disk below one folder: names that are made, changed and removed, bytes that are
 * written, and what is synced. At every fsync of a file its bytes are kept, for they are what the disk then holds.
 * CHAOS_WATCHED: the folder. CHAOS_RECORD: the folder for `events` and the kept bytes. Loaded with LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static unsigned kept;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define ENTER int before_ = errno; pthread_mutex_lock(&order); errno = before_
#define LEAVE before_ = errno; pthread_mutex_unlock(&order); errno = before_

static int watched(const char *path) {
  const char *folder = getenv("CHAOS_WATCHED");
  size_t n = folder ? strlen(folder) : 0;
  return n && !strncmp(path, folder, n) && (path[n] == '/' || !path[n]);
}

static void note(const char *format, ...) {
  char line[3 * PATH_MAX], file[PATH_MAX];
  va_list rest;
  va_start(rest, format);
  int n = vsnprintf(line, sizeof line - 1, format, rest);
  va_end(rest);
  line[n++] = '\n';
  snprintf(file, sizeof file, "%s/events", getenv("CHAOS_RECORD"));
  int log = REAL(open)(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0 || REAL(write)(log, line, n) != n) abort();
  close(log);
}

/* The folder's inode number and the last name of a path, when it is below the watched folder. */
static int place(int at, const char *path, unsigned long *folder, char *name) {
  char whole[2 * PATH_MAX], real[PATH_MAX], base[PATH_MAX];
  if (path[0] == '/') snprintf(whole, sizeof whole, "%s", path);
  else {
    if (at == AT_FDCWD) { if (!getcwd(base, sizeof base)) return 0; }
    else {
      char link[64];
      snprintf(link, sizeof link, "/proc/self/fd/%d", at);
      ssize_t n = readlink(link, base, sizeof base - 1);
      if (n < 0) return 0;
      base[n] = 0;
    }
    snprintf(whole, sizeof whole, "%s/%s", base, path);
  }
  size_t n = strlen(whole);
  while (n > 1 && whole[n - 1] == '/') whole[--n] = 0;
  char *slash = strrchr(whole, '/');
  if (!slash) return 0;
  snprintf(name, NAME_MAX + 1, "%s", slash + 1);
  *slash = 0;
  struct stat about;
  if (!realpath(*whole ? whole : "/", real) || !watched(real) || stat(real, &about)) return 0;
  *folder = about.st_ino;
  return 1;
}

static int ours(int fd, struct stat *about) {
  char link[64], path[PATH_MAX];
  if (fstat(fd, about)) return 0;
  if (!S_ISREG(about->st_mode) && !S_ISDIR(about->st_mode)) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n < 0) return 0;
  path[n] = 0;
  return watched(path);
}

static void wrote(int fd) {
  struct stat about;
  if (ours(fd, &about)) note("W\t%lu\t%ld", about.st_ino, (long)about.st_size);
}

static void synced(int fd) {
  struct stat about;
  if (!ours(fd, &about)) return;
  if (S_ISDIR(about.st_mode)) { note("D\t%lu", about.st_ino); return; }
  char link[64], name[64], path[PATH_MAX], part[65536];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  snprintf(name, sizeof name, "%d-%u", (int)getpid(), kept++);
  snprintf(path, sizeof path, "%s/%s", getenv("CHAOS_RECORD"), name);
  int from = REAL(open)(link, O_RDONLY | O_CLOEXEC), to = REAL(open)(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (from < 0 || to < 0) abort();
  for (ssize_t n; (n = read(from, part, sizeof part)) > 0;)
    if (REAL(write)(to, part, n) != n) abort();
  close(from);
  close(to);
  note("S\t%lu\t%s", about.st_ino, name);
}

/* --- names ------------------------------------------------------------------------------------------------------------- */

static int opened(int at, const char *path, int flags, mode_t mode) {
  unsigned long folder;
  char name[NAME_MAX + 1];
  struct stat about;
  int mine = (flags & (O_CREAT | O_TRUNC)) && place(at, path, &folder, name);
  int was = mine && !fstatat(at, path, &about, 0);
  int fd = REAL(openat)(at, path, flags, mode);
  if (fd >= 0 && mine && !fstat(fd, &about)) {
    if (!was) note("C\t%lu\t%s\t%lu", folder, name, about.st_ino);
    else if (flags & O_TRUNC) note("T\t%lu", about.st_ino);
  }
  return fd;
}

#define OPEN(function, first, at) \
  int function first { \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } \
    ENTER; int fd = opened(at, path, flags, mode); LEAVE; return fd; }
OPEN(open, (const char *path, int flags, ...), AT_FDCWD)
OPEN(open64, (const char *path, int flags, ...), AT_FDCWD)
OPEN(openat, (int at, const char *path, int flags, ...), at)
OPEN(openat64, (int at, const char *path, int flags, ...), at)

static int renamed(int from, const char *old, int to, const char *new) {
  unsigned long first, other;
  char left[NAME_MAX + 1], right[NAME_MAX + 1];
  int mine = place(from, old, &first, left) & place(to, new, &other, right);
  struct stat a, b;
  int same = !fstatat(from, old, &a, AT_SYMLINK_NOFOLLOW) && !fstatat(to, new, &b, AT_SYMLINK_NOFOLLOW) && a.st_ino == b.st_ino && a.st_dev == b.st_dev;
  int answer = REAL(renameat)(from, old, to, new);
  if (!answer && mine && !same) note("R\t%lu\t%s\t%lu\t%s", first, left, other, right);
  return answer;
}
int rename(const char *old, const char *new) { ENTER; int a = renamed(AT_FDCWD, old, AT_FDCWD, new); LEAVE; return a; }
int renameat(int from, const char *old, int to, const char *new) { ENTER; int a = renamed(from, old, to, new); LEAVE; return a; }

static int removed(int at, const char *path, int flags) {
  unsigned long folder;
  char name[NAME_MAX + 1];
  int mine = place(at, path, &folder, name), answer = REAL(unlinkat)(at, path, flags);
  if (!answer && mine) note("U\t%lu\t%s", folder, name);
  return answer;
}
int unlink(const char *path) { ENTER; int a = removed(AT_FDCWD, path, 0); LEAVE; return a; }
int rmdir(const char *path) { ENTER; int a = removed(AT_FDCWD, path, AT_REMOVEDIR); LEAVE; return a; }
int unlinkat(int at, const char *path, int flags) { ENTER; int a = removed(at, path, flags); LEAVE; return a; }

static int folder_made(int at, const char *path, mode_t mode) {
  unsigned long folder;
  char name[NAME_MAX + 1];
  struct stat about;
  int answer = REAL(mkdirat)(at, path, mode);
  if (!answer && place(at, path, &folder, name) && !fstatat(at, path, &about, 0)) note("M\t%lu\t%s\t%lu", folder, name, about.st_ino);
  return answer;
}
int mkdir(const char *path, mode_t mode) { ENTER; int a = folder_made(AT_FDCWD, path, mode); LEAVE; return a; }
int mkdirat(int at, const char *path, mode_t mode) { ENTER; int a = folder_made(at, path, mode); LEAVE; return a; }

static int linked(int from, const char *old, int to, const char *new, int flags) {
  unsigned long folder;
  char name[NAME_MAX + 1];
  struct stat about;
  int answer = REAL(linkat)(from, old, to, new, flags);
  if (!answer && place(to, new, &folder, name) && !fstatat(to, new, &about, AT_SYMLINK_NOFOLLOW)) note("L\t%lu\t%s\t%lu", folder, name, about.st_ino);
  return answer;
}
int link(const char *old, const char *new) { ENTER; int a = linked(AT_FDCWD, old, AT_FDCWD, new, 0); LEAVE; return a; }
int linkat(int from, const char *old, int to, const char *new, int flags) { ENTER; int a = linked(from, old, to, new, flags); LEAVE; return a; }

int symlink(const char *target, const char *path) {
  unsigned long folder;
  char name[NAME_MAX + 1];
  ENTER;
  int answer = REAL(symlink)(target, path);
  if (!answer && place(AT_FDCWD, path, &folder, name)) note("Y\t%lu\t%s\t%s", folder, name, target);
  LEAVE;
  return answer;
}

/* --- bytes ------------------------------------------------------------------------------------------------------------- */

#define WRITES(type, function, arguments, call) \
  type function arguments { ENTER; type n = REAL(function) call; if (n >= 0) wrote(fd); LEAVE; return n; }
WRITES(ssize_t, write, (int fd, const void *bytes, size_t n_), (fd, bytes, n_))
WRITES(ssize_t, pwrite, (int fd, const void *bytes, size_t n_, off_t from), (fd, bytes, n_, from))
WRITES(ssize_t, pwrite64, (int fd, const void *bytes, size_t n_, off64_t from), (fd, bytes, n_, from))
WRITES(ssize_t, writev, (int fd, const struct iovec *parts, int n_), (fd, parts, n_))
WRITES(int, ftruncate, (int fd, off_t size), (fd, size))
WRITES(int, ftruncate64, (int fd, off64_t size), (fd, size))

ssize_t sendfile64(int fd, int from, off64_t *start, size_t n) {
  ENTER; ssize_t (*real)(int, int, off64_t *, size_t) = dlsym(RTLD_NEXT, "sendfile64"); ssize_t sent = real(fd, from, start, n); if (sent >= 0) wrote(fd); LEAVE; return sent;
}
ssize_t sendfile(int fd, int from, off_t *start, size_t n) {
  ENTER; ssize_t (*real)(int, int, off_t *, size_t) = dlsym(RTLD_NEXT, "sendfile"); ssize_t sent = real(fd, from, start, n); if (sent >= 0) wrote(fd); LEAVE; return sent;
}
ssize_t copy_file_range(int from, off64_t *start, int fd, off64_t *end, size_t n, unsigned flags) {
  ENTER; ssize_t sent = REAL(copy_file_range)(from, start, fd, end, n, flags); if (sent >= 0) wrote(fd); LEAVE; return sent;
}

int fsync(int fd) { ENTER; int a = REAL(fsync)(fd); if (!a) synced(fd); LEAVE; return a; }
int fdatasync(int fd) { ENTER; int a = REAL(fdatasync)(fd); if (!a) synced(fd); LEAVE; return a; }
