#include "CXLSXWriter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

enum { MOST_DECIMALS = 22, MOST_FIXED = 10, WIDEST = 60 };

struct cxlsx {
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_format *heading, *heading_right, *text, *day, *number, *fixed[MOST_FIXED + 1];
    lxw_error error; /* the first */
};

static bool took(cxlsx *book, lxw_error error) {
    if (book->error == LXW_NO_ERROR) book->error = error;
    return error == LXW_NO_ERROR;
}

static lxw_format *format(cxlsx *book, const char *number) {
    lxw_format *made = workbook_add_format(book->workbook);
    if (number != NULL) format_set_num_format(made, number);
    format_set_align(made, LXW_ALIGN_VERTICAL_TOP);
    return made;
}

static lxw_format *heading(cxlsx *book, bool right) {
    lxw_format *made = workbook_add_format(book->workbook);
    format_set_bold(made);
    format_set_bottom(made, LXW_BORDER_THIN);
    format_set_num_format(made, "@");
    if (right) format_set_align(made, LXW_ALIGN_RIGHT);
    return made;
}

cxlsx *cxlsx_new(const char *path, const char *title, const char *comments, int64_t created) {
    cxlsx *book = calloc(1, sizeof *book);
    if (book == NULL) return NULL;
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    book->workbook = workbook_new_opt(path, &options);
    if (book->workbook == NULL) {
        free(book);
        return NULL;
    }
    lxw_doc_properties properties = {
        .title = (char *)title, .comments = (char *)comments, .company = (char *)"Duly", .created = (time_t)created};
    workbook_set_properties(book->workbook, &properties);
    book->heading = heading(book, false);
    book->heading_right = heading(book, true);
    book->text = format(book, "@");
    book->day = format(book, "yyyy\\-mm\\-dd");
    book->number = format(book, NULL);
    for (int decimals = 0; decimals <= MOST_FIXED; decimals++) {
        char shown[32] = "#,##0.";
        memset(shown + 6, '0', (size_t)decimals);
        shown[decimals == 0 ? 5 : 6 + decimals] = 0;
        book->fixed[decimals] = format(book, shown);
    }
    return book;
}

bool cxlsx_sheet(cxlsx *book, const char *name) {
    lxw_worksheet *sheet = workbook_add_worksheet(book->workbook, name);
    if (sheet == NULL) return took(book, LXW_ERROR_PARAMETER_VALIDATION);
    book->sheet = sheet;
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, 9); /* A4 */
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_set_footer(sheet, "&L&A&R&P / &N");
    return true;
}

void cxlsx_frame(cxlsx *book, int32_t rows, int32_t columns) {
    worksheet_freeze_panes(book->sheet, 1, 0);
    worksheet_repeat_rows(book->sheet, 0, 0);
    if (rows > 0 && columns > 0)
        worksheet_autofilter(book->sheet, 0, 0, (lxw_row_t)rows, (lxw_col_t)(columns - 1));
}

void cxlsx_width(cxlsx *book, int32_t column, int32_t characters) {
    if (characters > WIDEST) characters = WIDEST;
    worksheet_set_column(book->sheet, (lxw_col_t)column, (lxw_col_t)column, characters + 2, NULL);
}

bool cxlsx_heading(cxlsx *book, int32_t row, int32_t column, const char *text, bool right) {
    return took(book, worksheet_write_string(book->sheet, (lxw_row_t)row, (lxw_col_t)column, text,
                                             right ? book->heading_right : book->heading));
}

bool cxlsx_text(cxlsx *book, int32_t row, int32_t column, const char *text) {
    return took(book, worksheet_write_string(book->sheet, (lxw_row_t)row, (lxw_col_t)column, text, book->text));
}

bool cxlsx_number(cxlsx *book, int32_t row, int32_t column, int64_t digits, int32_t decimals, bool fixed) {
    /* Both are exact in binary, so the quotient is the nearest there is. */
    static const double powers[MOST_DECIMALS + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (decimals < 0 || decimals > MOST_DECIMALS) return took(book, LXW_ERROR_PARAMETER_VALIDATION);
    lxw_format *look = fixed && decimals <= MOST_FIXED ? book->fixed[decimals] : book->number;
    return took(book, worksheet_write_number(book->sheet, (lxw_row_t)row, (lxw_col_t)column,
                                             (double)digits / powers[decimals], look));
}

bool cxlsx_day(cxlsx *book, int32_t row, int32_t column, int32_t days) {
    return took(book, worksheet_write_number(book->sheet, (lxw_row_t)row, (lxw_col_t)column, days, book->day));
}

const char *cxlsx_close(cxlsx *book) {
    lxw_error closed = workbook_close(book->workbook), first = book->error;
    free(book);
    if (first == LXW_NO_ERROR) first = closed;
    return first == LXW_NO_ERROR ? NULL : lxw_strerror(first);
}
