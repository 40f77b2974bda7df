/* Preloaded by failing_calls.py: the n-th system call of a job on the disk fails. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile long failing = -1, count = 0;
static volatile int number = 0;

void arm(long n, int error) { count = 0; number = error; failing = n; }
long calls(void) { return count; }

static int fails(void) {
    if (failing < 0) return 0;
    if (__sync_add_and_fetch(&count, 1) != failing) return 0;
    errno = number;
    return 1;
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)
#define MODE va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest)
#define WRAP(result, name, parameters, arguments) \
    result name parameters { REAL(name); if (fails()) return -1; return real arguments; }

int open(const char *path, int flags, ...) { MODE; REAL(open); return fails() ? -1 : real(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE; REAL(open64); return fails() ? -1 : real(path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE; REAL(openat); return fails() ? -1 : real(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE; REAL(openat64); return fails() ? -1 : real(at, path, flags, mode); }
ssize_t write(int file, const void *data, size_t size) { REAL(write); return file > 2 && fails() ? -1 : real(file, data, size); }
WRAP(ssize_t, pwrite, (int file, const void *data, size_t size, off_t at), (file, data, size, at))
WRAP(ssize_t, pwrite64, (int file, const void *data, size_t size, off64_t at), (file, data, size, at))
WRAP(ssize_t, read, (int file, void *data, size_t size), (file, data, size))
WRAP(int, fsync, (int file), (file))
WRAP(int, fdatasync, (int file), (file))
WRAP(int, rename, (const char *from, const char *to), (from, to))
WRAP(int, renameat, (int at, const char *from, int there, const char *to), (at, from, there, to))
WRAP(int, unlink, (const char *path), (path))
WRAP(int, unlinkat, (int at, const char *path, int flags), (at, path, flags))
WRAP(int, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(int, mkdirat, (int at, const char *path, mode_t mode), (at, path, mode))
WRAP(int, ftruncate, (int file, off_t size), (file, size))
WRAP(int, ftruncate64, (int file, off64_t size), (file, size))
WRAP(int, flock, (int file, int kind), (file, kind))
