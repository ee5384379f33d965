/* The floor for reading XML: a libxml2 SAX walk that does nothing with what it hears.
 *
 *   cc -O2 tools/bench/xml_walk.c $(pkg-config --cflags --libs libxml-2.0) -o xml_walk
 *   xml_walk FILE.xml [push]
 *
 * Prints CPU seconds (user and system), peak memory and the number of elements. `push` feeds the parser in pieces of
 * 64 KiB; without it the parser reads the file itself. A reader of bank files is judged by the CPU it adds to this. */
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

static long elements;

static void start(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
                  const xmlChar **declared, int attributes, int defaulted, const xmlChar **values) {
    (void)data; (void)name; (void)prefix; (void)uri; (void)namespaces;
    (void)declared; (void)attributes; (void)defaulted; (void)values;
    elements += 1;
}
static void end(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    (void)data; (void)name; (void)prefix; (void)uri;
}
static void text(void *data, const xmlChar *bytes, int count) { (void)data; (void)bytes; (void)count; }

static int walk_pushed(xmlSAXHandler *handler, const char *path) {
    static char piece[65536];
    FILE *file = fopen(path, "rb");
    if (file == NULL) return -1;
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(handler, NULL, NULL, 0, NULL);
    xmlCtxtUseOptions(parser, XML_PARSE_NONET);
    size_t count;
    while ((count = fread(piece, 1, sizeof piece, file)) > 0) xmlParseChunk(parser, piece, (int)count, 0);
    xmlParseChunk(parser, piece, 0, 1);
    int ok = parser->wellFormed ? 0 : -1;
    xmlFreeParserCtxt(parser);
    fclose(file);
    return ok;
}

int main(int count, char **arguments) {
    if (count < 2) return 64;
    xmlSAXHandler handler;
    memset(&handler, 0, sizeof handler);
    handler.initialized = XML_SAX2_MAGIC;
    handler.startElementNs = start;
    handler.endElementNs = end;
    handler.characters = text;
    handler.ignorableWhitespace = text;
    handler.cdataBlock = text;
    int pushed = count > 2 && strcmp(arguments[2], "push") == 0;
    int status = pushed ? walk_pushed(&handler, arguments[1]) : xmlSAXUserParseFile(&handler, NULL, arguments[1]);
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    printf("%s: cpu %.3f s, peak %ld KiB, %ld elements, status %d\n", pushed ? "push" : "pull",
           (double)use.ru_utime.tv_sec + (double)use.ru_stime.tv_sec +
               (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6,
           use.ru_maxrss, elements, status);
    return status == 0 ? 0 : 1;
}
