extension Letter {
    /// The same letter for a mail's HTML part: no pictures, no foreign styles, readable with styles switched off.
    public var html: String {
        let code = language.rawValue
        var body = Letter.paragraph(escaped(salutation)) + Letter.blocks(opening)
        if let table { body += table.html }
        body += Letter.blocks(closing)
        if !payment.isEmpty { body += Letter.facts(payment) }
        body += Letter.blocks(ending) + Letter.paragraph(escaped(greeting))
        body += Letter.paragraph(signature.map(escaped).joined(separator: "<br>\n"))
        return """
            <!DOCTYPE html>
            <html lang="\(code)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>\(escaped(subject))</title>
            </head>
            <body style="margin:0;padding:24px 16px;font:15px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif">
            <div style="max-width:640px">
            \(body)</div>
            </body>
            </html>

            """
    }

    private static func blocks(_ paragraphs: [Paragraph]) -> String {
        var html = ""
        var listing = false
        for paragraph in paragraphs {
            let inner = [
                paragraph.strong.isEmpty ? "" : "<strong>\(escaped(paragraph.strong))</strong>",
                escaped(paragraph.text),
            ].filter { !$0.isEmpty }.joined(separator: " ")
            if listing != (paragraph.number != nil) {
                html += listing ? "</ol>\n" : "<ol style=\"margin:0 0 16px;padding-left:24px\">\n"
                listing.toggle()
            }
            html += listing ? "<li style=\"margin:0 0 4px\">\(inner)</li>\n" : Self.paragraph(inner)
        }
        return html + (listing ? "</ol>\n" : "")
    }

    private static func paragraph(_ inner: String) -> String { "<p style=\"margin:0 0 16px\">\(inner)</p>\n" }

    private static func facts(_ facts: [Fact]) -> String {
        let rows = facts.map { fact in
            let value = escaped(fact.value)
            let shown = fact.isLink ? "<a href=\"\(value)\">\(value)</a>" : value
            return
                "<tr><th scope=\"row\" style=\"\(cell);font-weight:normal;text-align:left\">\(escaped(fact.label))</th>"
                + "<td style=\"\(cell)\"><strong>\(shown)</strong></td></tr>\n"
        }
        return "<table style=\"border-collapse:collapse;margin:0 0 16px\">\n\(rows.joined())</table>\n"
    }

    fileprivate static let cell = "padding:3px 16px 3px 0;vertical-align:top"
}

extension Letter.Fact {
    var isLink: Bool { Letter.isLink(value) }
}

extension Letter {
    /// A web address that may be clicked: nothing but letters that are safe in one.
    static func isLink(_ text: String) -> Bool {
        (text.hasPrefix("https://") || text.hasPrefix("http://"))
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"'<>\\^`{|}".utf8.contains($0) }
    }
}

extension Letter.Table {
    fileprivate var html: String {
        func row(_ cells: [String], _ tag: String, _ style: String) -> String {
            let inner = cells.indices.map { column in
                let align = flushRight.contains(column) ? "right" : "left"
                let last = column == cells.count - 1
                return
                    "<\(tag)\(tag == "th" ? " scope=\"col\"" : "") style=\"\(Letter.cell)\(last ? ";padding-right:0" : "");"
                    + "text-align:\(align)\(column > 0 ? ";white-space:nowrap" : "")\(style)\">\(escaped(cells[column]))</\(tag)>"
            }
            return "<tr>\(inner.joined())</tr>\n"
        }
        let line = ";border-top:1px solid #999"
        return
            "<table style=\"border-collapse:collapse;width:100%;margin:0 0 16px;font-variant-numeric:tabular-nums\">\n"
            + "<thead>\n\(row(headings, "th", ";font-weight:normal"))</thead>\n"
            + "<tbody>\n\(rows.map { row($0, "td", line) }.joined())</tbody>\n"
            + (totals.isEmpty
                ? "" : "<tfoot>\n\(totals.map { row($0, "td", line + ";font-weight:bold") }.joined())</tfoot>\n")
            + "</table>\n"
    }
}

/// For text and for attribute values in either kind of quotes.
private func escaped(_ text: String) -> String {
    var output = ""
    output.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": output += "&amp;"
        case "<": output += "&lt;"
        case ">": output += "&gt;"
        case "\"": output += "&quot;"
        case "'": output += "&#39;"
        default: output.unicodeScalars.append(scalar)
        }
    }
    return output
}
