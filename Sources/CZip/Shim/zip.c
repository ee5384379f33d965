#include "inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

/* Ratios of real sheets lie between 5 and 50; of deflate itself at most 1032. */
enum { MOST_RATIO = 200, RATIO_FROM = 1 << 24 };

typedef struct {
    int descriptor;
    int64_t size, position;
    zip_error_t error;
} window;

struct czip {
    zip_t *zip;
};

struct czip_stream {
    zip_file_t *file;
    int64_t most, given, packed;
};

static zip_int64_t read_window(window *from, void *into, zip_uint64_t count) {
    zip_uint64_t done = 0;
    while (done < count && from->position < from->size) {
        zip_uint64_t wanted = count - done, left = (zip_uint64_t)(from->size - from->position);
        ssize_t got = pread(from->descriptor, (char *)into + done, wanted < left ? wanted : left, (off_t)from->position);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            zip_error_set(&from->error, ZIP_ER_READ, errno);
            return -1;
        }
        if (got == 0) break;
        done += (zip_uint64_t)got;
        from->position += got;
    }
    return (zip_int64_t)done;
}

/* By position: several archives may read one descriptor side by side. */
static zip_int64_t on_source(void *user, void *data, zip_uint64_t count, zip_source_cmd_t command) {
    window *from = user;
    switch (command) {
    case ZIP_SOURCE_OPEN: from->position = 0; return 0;
    case ZIP_SOURCE_CLOSE: return 0;
    case ZIP_SOURCE_READ: return read_window(from, data, count);
    case ZIP_SOURCE_TELL: return from->position;
    case ZIP_SOURCE_SEEK: {
        zip_int64_t to = zip_source_seek_compute_offset(
            (zip_uint64_t)from->position, (zip_uint64_t)from->size, data, count, &from->error);
        if (to < 0) return -1;
        from->position = to;
        return 0;
    }
    case ZIP_SOURCE_STAT: {
        zip_stat_t *facts = ZIP_SOURCE_GET_ARGS(zip_stat_t, data, count, &from->error);
        if (facts == NULL) return -1;
        zip_stat_init(facts);
        facts->valid = ZIP_STAT_SIZE;
        facts->size = (zip_uint64_t)from->size;
        return sizeof *facts;
    }
    case ZIP_SOURCE_ERROR: return zip_error_to_data(&from->error, data, count);
    case ZIP_SOURCE_FREE: free(from); return 0;
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
            ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS, -1);
    default: zip_error_set(&from->error, ZIP_ER_OPNOTSUPP, 0); return -1;
    }
}

czip *czip_open(int descriptor, int64_t size) {
    czip *archive = calloc(1, sizeof *archive);
    window *from = calloc(1, sizeof *from);
    if (archive == NULL || from == NULL) {
        free(archive);
        free(from);
        return NULL;
    }
    from->descriptor = descriptor;
    from->size = size;
    zip_error_init(&from->error);
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_function_create(on_source, from, &error);
    if (source == NULL) {
        free(from);
        free(archive);
        return NULL;
    }
    archive->zip = zip_open_from_source(source, ZIP_RDONLY, &error);
    zip_error_fini(&error);
    if (archive->zip == NULL) {
        zip_source_free(source);
        free(archive);
        return NULL;
    }
    return archive;
}

void czip_close(czip *archive) {
    if (archive == NULL) return;
    zip_discard(archive->zip);
    free(archive);
}

int64_t czip_count(const czip *archive) { return zip_get_num_entries(archive->zip, 0); }

bool czip_look(czip *archive, int64_t index, czip_entry *entry) {
    zip_stat_t facts;
    if (zip_stat_index(archive->zip, (zip_uint64_t)index, 0, &facts) != 0) return false;
    entry->name = facts.name;
    entry->size = (int64_t)facts.size;
    entry->packed = (int64_t)facts.comp_size;
    entry->encrypted = (facts.valid & ZIP_STAT_ENCRYPTION_METHOD) && facts.encryption_method != ZIP_EM_NONE;
    return true;
}

int64_t czip_find(czip *archive, const char *name) {
    return zip_name_locate(archive->zip, name, ZIP_FL_NOCASE | ZIP_FL_ENC_GUESS);
}

czip_stream *czip_open_stream(czip *archive, int64_t index, int64_t most) {
    czip_entry entry;
    if (!czip_look(archive, index, &entry)) return NULL;
    czip_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) return NULL;
    stream->file = zip_fopen_index(archive->zip, (zip_uint64_t)index, 0);
    stream->most = most;
    stream->packed = entry.packed;
    if (stream->file == NULL) {
        free(stream);
        return NULL;
    }
    return stream;
}

int32_t czip_read_stream(czip_stream *stream, char *into, int32_t count) {
    zip_int64_t got = zip_fread(stream->file, into, (zip_uint64_t)count);
    if (got < 0) return CZIP_DAMAGED;
    stream->given += got;
    if (stream->given > stream->most) return CZIP_TOO_LARGE;
    if (stream->given > RATIO_FROM && stream->given / MOST_RATIO > stream->packed) return CZIP_BOMB;
    return (int32_t)got;
}

int64_t czip_stream_position(const czip_stream *stream) { return stream->given; }

void czip_close_stream(czip_stream *stream) {
    if (stream == NULL) return;
    zip_fclose(stream->file);
    free(stream);
}
