// The floor of the PDF measurement: one tagged A4 invoice of 20 lines, as plain C through cairo, pango and qrencode.
// Build: cc -O2 pdf_loop.c -o pdf_loop $(pkg-config --cflags --libs pangocairo libqrencode)
// Use:   pdf_loop COUNT [FILE]   prints documents per CPU second; FILE keeps the last document.
// Same page, same fonts and the same number of texts as `InvoicePaper`; one font map, one layout object, descriptions kept.
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double mm = 72 / 25.4;
static cairo_t *cr;
static PangoLayout *layout;
static PangoFontDescription *regular_small, *regular, *regular_text, *regular_large, *medium_text, *bold, *bold_large, *bold_mark;

typedef struct { unsigned char *bytes; size_t count, room; } Buffer;

static cairo_status_t append(void *closure, const unsigned char *data, unsigned length) {
    Buffer *buffer = closure;
    if (buffer->count + length > buffer->room) {
        buffer->room = (buffer->count + length) * 2;
        buffer->bytes = realloc(buffer->bytes, buffer->room);
    }
    memcpy(buffer->bytes + buffer->count, data, length);
    buffer->count += length;
    return CAIRO_STATUS_SUCCESS;
}

static PangoFontDescription *font(PangoWeight weight, double size) {
    PangoFontDescription *result = pango_font_description_from_string("Inter, Noto Sans");
    pango_font_description_set_weight(result, weight);
    pango_font_description_set_size(result, (int)(size * PANGO_SCALE + 0.5));
    return result;
}

// Draws one text with its baseline at y; to the left of x where `right`.
static void text(const char *words, PangoFontDescription *font, double grey, double x, double y, int right) {
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, words, -1);
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, 0);
    if (right) {
        PangoRectangle logical;
        pango_layout_line_get_extents(line, NULL, &logical);
        x -= (double)logical.width / PANGO_SCALE;
    }
    cairo_set_source_rgb(cr, grey, grey, grey);
    cairo_move_to(cr, x, y);
    pango_cairo_show_layout_line(cr, line);
}

static void tagged(const char *tag, const char *words, PangoFontDescription *font, double grey, double x, double y, int right) {
    cairo_tag_begin(cr, tag, NULL);
    text(words, font, grey, x, y, right);
    cairo_tag_end(cr, tag);
}

static void rule(double from, double to, double y, double width, double grey) {
    cairo_set_source_rgb(cr, grey, grey, grey);
    cairo_rectangle(cr, from, y, to - from, width);
    cairo_fill(cr);
}

static void grouped(char *out, long long minor) {
    long long whole = minor / 100;
    if (whole >= 1000) sprintf(out, "%lld.%03lld,%02lld", whole / 1000, whole % 1000, minor % 100);
    else sprintf(out, "%lld,%02lld", whole, minor % 100);
}

static void code(const char *payload, double x, double y, double size) {
    QRcode *qr = QRcode_encodeData((int)strlen(payload), (const unsigned char *)payload, 0, QR_ECLEVEL_M);
    double module = size / qr->width;
    cairo_tag_begin(cr, "Figure", NULL);
    cairo_set_source_rgb(cr, 0, 0, 0);
    for (int row = 0; row < qr->width; row++)
        for (int column = 0; column < qr->width; column++) {
            int start = column;
            while (column < qr->width && (qr->data[row * qr->width + column] & 1)) column++;
            if (column > start) cairo_rectangle(cr, x + start * module, y + row * module, (column - start) * module, module);
        }
    cairo_fill(cr);
    cairo_tag_end(cr, "Figure");
    QRcode_free(qr);
}

static const char *goods[20][2] = {
    {"Hydraulikschlauch DN 12", "HS-2SC-12"}, {"Schnellkupplung 1/2 Zoll", "SK-7241"}, {"Technikerstunde vor Ort", "TS-01"},
    {"Hebelzug 2 t, 3 m Hub", "KZ-2000"}, {"Rundschlinge 1 t, 3 m", "RS-10-3"}, {"Schäkel Güte 6, 4,75 t", "SCH-47"},
    {"Trennscheibe 125 mm", "DR-WS-25"}, {"Handschuh PU, Größe 9", "HG-PU-9"}, {"Staubmaske FFP2", "SB-FFP2"},
    {"Hydrauliköl HLP 46, 20 l", "OEL-46-20"}, {"Fettkartusche EP 2", "FL-EP2"}, {"Schraube M12 × 60", "BZ-M12"},
    {"Mutter M12, verzinkt", "MU-M12"}, {"Scheibe 12, verzinkt", "US-12"}, {"Leitung 3G1,5 Gummi, 50 m", "KB-3G15"},
    {"Baustrahler LED 50 W", "LED-50"}, {"Zurrgurt 50 mm, 8 m", "ZG-50"}, {"Holzkeil, Hartholz", "PL-KF"},
    {"Fäustel 2 kg, Esche", "HM-2"}, {"Dichtringsatz 1/2 Zoll", "DI-12"}};

static void page(int number) {
    const double left = 25 * mm, right = 190 * mm;
    char words[64], payload[200];
    cairo_tag_begin(cr, "Document", NULL);
    text("Norderwerk", bold_mark, 0.1, left, 34 * mm, 0);
    tagged("P", "Norderwerk Technik GmbH", regular_small, 0.28, right, 24 * mm, 1);
    tagged("P", "Hafenstraße 12, 20457 Hamburg", regular_small, 0.28, right, 28 * mm, 1);
    tagged("P", "040 555 0100 · rechnung@norderwerk.example", regular_small, 0.28, right, 32 * mm, 1);
    text("Norderwerk Technik GmbH · Hafenstraße 12 · 20457 Hamburg", regular_small, 0.28, left, 60 * mm, 0);
    rule(left, 105 * mm, 61.2 * mm, 0.5, 0.78);
    const char *address[] = {"Süderhof Logistik AG", "Rechnungswesen", "Am Speicher 4", "27568 Bremerhaven"};
    for (int i = 0; i < 4; i++) tagged("P", address[i], regular_large, 0.1, left, (66 + 4.5 * i) * mm, 0);
    sprintf(words, "RE-2026-%05d", number);
    const char *facts[][2] = {{"Rechnung", words}, {"Datum", "11.11.2026"}, {"Leistung", "10.11.2026"}, {"Kundennummer", "K-10482"},
                              {"Ihre Bestellung", "B 26-3318"}, {"Ihre USt-IdNr.", "DE123456788"}, {"Fällig", "11.12.2026"}};
    for (int i = 0; i < 7; i++) {
        cairo_tag_begin(cr, "P", NULL);
        text(facts[i][0], regular, 0.28, 125 * mm, (53 + 4.4 * i) * mm, 0);
        text(facts[i][1], i ? regular : bold, 0.1, 152 * mm, (53 + 4.4 * i) * mm, 0);
        cairo_tag_end(cr, "P");
    }
    char title[80];
    sprintf(title, "Rechnung %s", words);
    tagged("H1", title, bold_large, 0.1, left, 102 * mm, 0);
    tagged("P", "Vielen Dank für Ihren Auftrag.", regular_text, 0.1, left, 109 * mm, 0);
    double y = 116 * mm;
    const double edge[] = {left, 35 * mm, 126 * mm, 145 * mm, 162 * mm, right};
    const char *head[] = {"Pos.", "Leistung", "Menge", "Einzelpreis", "Rabatt", "Betrag, EUR"};
    cairo_tag_begin(cr, "Table", NULL);
    cairo_tag_begin(cr, "TR", NULL);
    for (int i = 0; i < 6; i++) tagged("TH", head[i], regular_small, 0.28, edge[i], y, i > 1);
    cairo_tag_end(cr, "TR");
    rule(left, right, y + 5, 1, 0.1);
    long long sum = 0;
    for (int i = 0; i < 20; i++) {
        y += 14.2;
        int count = (number * 7 + i * 13) % 90 + 1, price = (number * 31 + i * 377) % 9000 + 105;
        sum += (long long)count * price;
        cairo_tag_begin(cr, "TR", NULL);
        sprintf(words, "%d", i + 1);
        tagged("TD", words, regular, 0.1, edge[0], y, 0);
        cairo_tag_begin(cr, "TD", NULL);
        text(goods[i][0], regular, 0.1, edge[1], y, 0);
        text(goods[i][1], regular_small, 0.39, edge[1] + 130, y, 0);
        cairo_tag_end(cr, "TD");
        sprintf(words, "%d Stk", count);
        tagged("TD", words, regular, 0.1, edge[2], y, 1);
        grouped(words, price);
        tagged("TD", words, regular, 0.1, edge[3], y, 1);
        tagged("TD", i % 3 ? "" : "8 %", regular, 0.1, edge[4], y, 1);
        grouped(words, (long long)count * price);
        tagged("TD", words, regular, 0.1, edge[5], y, 1);
        cairo_tag_end(cr, "TR");
        rule(left, right, y + 4, 0.5, 0.88);
    }
    cairo_tag_end(cr, "Table");
    const char *totals[] = {"Summe netto", "Umsatzsteuer 19 %", "Zu zahlen, EUR"};
    long long tax = (sum * 19 + 50) / 100, values[] = {sum, tax, sum + tax};
    for (int i = 0; i < 3; i++) {
        y += 17;
        grouped(words, values[i]);
        cairo_tag_begin(cr, "P", NULL);
        text(totals[i], i < 2 ? regular : bold, 0.1, 112 * mm, y, 0);
        text(words, i < 2 ? regular : bold, 0.1, right, y, 1);
        cairo_tag_end(cr, "P");
        rule(112 * mm, right, y + 5, 0.5, 0.78);
    }
    const double top = 219 * mm;
    rule(left, right, top, 1, 0.1);
    sprintf(payload, "BCD\n002\n1\nSCT\n\nNorderwerk Technik GmbH\nDE02120300000000202051\nEUR%lld.%02lld\n\nRF66RE202610418", values[2] / 100, values[2] % 100);
    code(payload, left, top + 3 * mm, 31 * mm);
    tagged("P", "Mit der Banking-App scannen", regular_small, 0.28, left, top + 38 * mm, 0);
    grouped(words, values[2]);
    strcat(words, " EUR");
    const char *pay[][2] = {{"Bis", "11.12.2026"}, {"Betrag", words}, {"An", "Norderwerk Technik GmbH, DE02 1203 0000 0000 2020 51"},
                            {"Verwendungszweck, bitte genau so", "RF66 RE20 2610 418"}};
    for (int i = 0; i < 4; i++) {
        double x = (i == 1 ? 129 : 63) * mm, line = top + (i < 2 ? 5 : 5 + (i - 1) * 10) * mm;
        cairo_tag_begin(cr, "P", NULL);
        text(pay[i][0], regular_small, 0.28, x, line, 0);
        text(pay[i][1], medium_text, 0.1, x, line + 4 * mm, 0);
        cairo_tag_end(cr, "P");
    }
    rule(left, right, 280 * mm, 0.5, 0.78);
    const char *foot[] = {"Norderwerk Technik GmbH", "Amtsgericht Hamburg HRB 00000", "USt-IdNr. DE000000000", "Geschäftsführung: Ines Norder",
                          "IBAN DE02 1203 0000 0000 2020 51", "BIC BYLADEM1001"};
    for (int i = 0; i < 6; i++) text(foot[i], regular_small, 0.28, (i / 2 == 0 ? 25 : i / 2 == 1 ? 75 : 121) * mm, (284 + i % 2 * 3.5) * mm, 0);
    text("Seite 1 von 1", regular_small, 0.28, right, 284 * mm, 1);
    cairo_tag_end(cr, "Document");
}

int main(int count, char **arguments) {
    int documents = count > 1 ? atoi(arguments[1]) : 200;
    PangoFontMap *map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    PangoContext *context = pango_font_map_create_context(map);
    pango_cairo_context_set_resolution(context, 72);
    pango_context_set_round_glyph_positions(context, FALSE);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    layout = pango_layout_new(context);
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum"));
    pango_layout_set_attributes(layout, attributes);
    regular_small = font(PANGO_WEIGHT_NORMAL, 7.4);
    regular = font(PANGO_WEIGHT_NORMAL, 8.6);
    regular_text = font(PANGO_WEIGHT_NORMAL, 9.2);
    regular_large = font(PANGO_WEIGHT_NORMAL, 9.8);
    medium_text = font(PANGO_WEIGHT_MEDIUM, 9.2);
    bold = font(PANGO_WEIGHT_SEMIBOLD, 8.6);
    bold_large = font(PANGO_WEIGHT_SEMIBOLD, 13);
    bold_mark = font(PANGO_WEIGHT_SEMIBOLD, 20);
    Buffer buffer = {0};
    clock_t start = 0;
    for (int i = -5; i < documents; i++) {
        if (i == 0) start = clock();
        buffer.count = 0;
        cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, &buffer, 210 * mm, 297 * mm);
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, "Rechnung");
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, "Norderwerk Technik GmbH");
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2026-11-11T00:00:00Z");
        cr = cairo_create(surface);
        page(10000 + i);
        cairo_destroy(cr);
        cairo_surface_finish(surface);
        if (cairo_surface_status(surface)) return 1;
        cairo_surface_destroy(surface);
    }
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    if (count > 2) {
        FILE *file = fopen(arguments[2], "wb");
        fwrite(buffer.bytes, 1, buffer.count, file);
        fclose(file);
    }
    printf("{\"what\": \"pdf, bare C loop\", \"documents\": %d, \"cpu_seconds\": %.3f, \"per_cpu_second\": %.1f, \"bytes\": %zu}\n", documents, seconds,
           documents / seconds, buffer.count);
    return 0;
}
