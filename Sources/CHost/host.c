#define _GNU_SOURCE
#include "CHost.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static bool fill(int code, const struct stat *from, chost_file *facts) {
    if (code != 0) return false;
    facts->size = from->st_size;
    facts->seconds = from->st_mtim.tv_sec;
    facts->nanoseconds = from->st_mtim.tv_nsec;
    facts->mode = from->st_mode & 07777;
    facts->is_regular = S_ISREG(from->st_mode);
    return true;
}

bool chost_look(int descriptor, chost_file *facts) {
    struct stat found;
    return fill(fstat(descriptor, &found), &found, facts);
}

bool chost_look_at(const char *path, chost_file *facts) {
    struct stat found;
    return fill(stat(path, &found), &found, facts);
}

int64_t chost_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void chost_instant(int64_t microseconds, char text[CHOST_INSTANT]) {
    int64_t rest = microseconds % 1000000;
    if (rest < 0) rest += 1000000;
    time_t seconds = (microseconds - rest) / 1000000;
    struct tm parts;
    gmtime_r(&seconds, &parts);
    snprintf(text, CHOST_INSTANT, "%04u-%02u-%02uT%02u:%02u:%02u.%06uZ", (unsigned)(parts.tm_year + 1900) % 10000,
             (unsigned)(parts.tm_mon + 1) % 100, (unsigned)parts.tm_mday % 100, (unsigned)parts.tm_hour % 100,
             (unsigned)parts.tm_min % 100, (unsigned)parts.tm_sec % 100, (unsigned)rest % 1000000);
}

int chost_temporary(char *template_path) { return mkostemp(template_path, O_CLOEXEC); }

bool chost_write(int descriptor, const void *bytes, int64_t count) {
    const char *from = bytes;
    while (count > 0) {
        ssize_t written = write(descriptor, from, (size_t)count);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        from += written;
        count -= written;
    }
    return true;
}

void chost_close(int descriptor) { close(descriptor); }

int64_t chost_find(const void *in, int64_t count, int64_t from, const void *what, int64_t length) {
    if (from < 0 || from > count) return -1;
    const char *start = in, *found = memmem(start + from, (size_t)(count - from), what, (size_t)length);
    return found == NULL ? -1 : found - start;
}

int64_t chost_thread_time(void) {
    struct timespec used;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

static int give(posix_spawn_file_actions_t *actions, int descriptor, int as) {
    return descriptor == CHOST_NOTHING ? posix_spawn_file_actions_addopen(actions, as, "/dev/null", O_RDWR, 0)
                                       : posix_spawn_file_actions_adddup2(actions, descriptor, as);
}

int chost_spawn(const char *path, char *const words[], char *const surroundings[], const char *folder, int in, int out, int error) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, pipe;
    pid_t id = -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    sigemptyset(&none);
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    int code = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (code == 0) code = posix_spawnattr_setsigmask(&attributes, &none);
    if (code == 0) code = posix_spawnattr_setsigdefault(&attributes, &pipe);
    if (code == 0) code = give(&actions, in, 0);
    if (code == 0) code = give(&actions, out, 1);
    if (code == 0) code = give(&actions, error, 2);
    if (code == 0) code = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (code == 0 && folder != NULL) code = posix_spawn_file_actions_addchdir_np(&actions, folder);
    if (code == 0) code = posix_spawn(&id, path, &actions, &attributes, words, surroundings);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (code == 0) return id;
    errno = code;
    return -1;
}

void chost_await_end(int id) {
    siginfo_t found;
    while (waitid(P_PID, (id_t)id, &found, WEXITED | WNOWAIT) < 0 && errno == EINTR) continue;
}

void chost_fetch(int id, int *status, int *signal) {
    int found = 0;
    while (waitpid(id, &found, 0) < 0 && errno == EINTR) continue;
    *status = WIFEXITED(found) ? WEXITSTATUS(found) : 0;
    *signal = WIFSIGNALED(found) ? WTERMSIG(found) : 0;
}
