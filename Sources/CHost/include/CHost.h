#ifndef CHOST_H
#define CHOST_H

/* What the system keeps in structures whose owning module depends on the order in which the compiler meets the headers (stat,
 * timespec, tm belong to whichever module included them first): read in C, handed over in plain numbers. */

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    int64_t size;        /* bytes */
    int64_t seconds;     /* of the last writing, since 1970 */
    int64_t nanoseconds; /* of that second */
    uint32_t mode;       /* permission bits alone, 0 to 07777 */
    bool is_regular;     /* a file with content of its own: no folder, pipe or device */
} chost_file;

/* Of an open file, and of a path (links followed). false where errno says why. */
bool chost_look(int descriptor, chost_file *facts);
bool chost_look_at(const char *path, chost_file *facts);

/* Microseconds since 1970, UTC. */
int64_t chost_now(void);

/* The text of such an instant, YYYY-MM-DDThh:mm:ss.uuuuuuZ, 27 characters and the closing zero. */
enum { CHOST_INSTANT = 28 };
void chost_instant(int64_t microseconds, char text[CHOST_INSTANT]);

/* A new file of the template's name (mkstemp, mode 0600); the whole of some bytes into it; its end. -1 and false where errno says why. */
int chost_temporary(char *template_path);
bool chost_write(int descriptor, const void *bytes, int64_t count);
void chost_close(int descriptor);

/* Where some bytes stand in others, from an offset on; -1 where they do not. */
int64_t chost_find(const void *in, int64_t count, int64_t from, const void *what, int64_t length);

/* Starts a program with these three descriptors as its own and no other of ours, in `folder` (ours where NULL), with no signal blocked
 * and SIGPIPE as it is by default. CHOST_NOTHING in a descriptor's place is /dev/null. Its id; -1 where errno says why. */
enum { CHOST_NOTHING = -2 };
int chost_spawn(const char *path, char *const words[], char *const surroundings[], const char *folder, int in, int out, int error);

/* Returns when a program that was started here has ended. Its number stays its own until it is fetched: its exit status, or the signal
 * that ended it; the other is 0. */
void chost_await_end(int id);
void chost_fetch(int id, int *status, int *signal);

/* Milliseconds of processor time this thread has used. */
int64_t chost_thread_time(void);

#endif
