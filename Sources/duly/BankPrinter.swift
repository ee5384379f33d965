import Formats
import Foundation
import Money

/// Prints the neutral statements of bank files in one reading. What is printed waits in the sink until every file has been
/// read to its end, since what was told before a problem is void.
final class BankPrinter {
    private let json: Bool
    private let sink = TextSink.heldBack()
    private var writer: JSONWriter
    private var warnings: [String] = []
    private var began = false

    init(json: Bool) {
        self.json = json
        writer = JSONWriter(sink)
    }

    func print(_ file: String, _ options: BankFile.Options) throws {
        begin()
        try BankFile.read(path: file, options: options) { event in
            switch event {
            case .warning(let warning): warnings.append("\(file): \(warning.text)")
            case .statementBegan(let statement): open(statement)
            case .entry(let entry):
                if json { write(entry) } else { tabulate(entry) }
                try sink.drain()
            case .statementEnded(let statement, let totals): close(statement, totals)
            }
        }
    }

    private func begin() {
        guard !began else { return }
        began = true
        guard json else { return }
        writer.beginObject()
        writer.key("statements")
        writer.beginArray()
    }

    /// Hands everything on to standard output.
    func finish() throws {
        begin()
        if json {
            writer.endArray()
            writer.key("warnings")
            writer.beginArray()
            for warning in warnings { writer.string(warning) }
            writer.endArray()
            writer.endObject()
            try writer.endLine()
        }
        try sink.release(to: try Answer.descriptor())
        if !json { warnings.forEach(Answer.say) }
    }

    private func open(_ header: BankStatementHeader) {
        guard json else {
            sink.put(
                "\(header.format)  \(header.id ?? header.number ?? "")  \(header.account ?? "")  \(header.currency?.code ?? "")\n"
            )
            return
        }
        writer.beginObject()
        writer.member("format", header.format)
        writer.member("statement", header.id ?? header.number)
        // As the file writes it, and as accounts are compared: without blanks, an IBAN without a currency behind it.
        writer.member("account", header.account)
        writer.member("account_number", header.accountNumber)
        writer.member("currency", header.currency?.code)
        writer.key("entries")
        writer.beginArray()
    }

    private func close(_ header: BankStatementHeader, _ totals: BankStatementTotals) {
        guard json else {
            let closing = header.closing.map { "closing \($0.amount)" } ?? "no closing balance"
            sink.put("  \(totals.entries) entries, \(closing)\(totals.balanced == false ? ", does not add up" : "")\n")
            return
        }
        writer.endArray()
        balance("opening", header.opening)
        balance("closing", header.closing)
        writer.key("balanced")
        if let balanced = totals.balanced { writer.bool(balanced) } else { writer.null() }
        writer.endObject()
    }

    private func balance(_ name: StaticString, _ balance: BankBalance?) {
        writer.key(name)
        guard let balance else { return writer.null() }
        writer.beginObject()
        writer.key("day")
        writer.day(balance.day)
        writer.key("amount")
        writer.decimal(balance.amount)
        member("currency", balance.amount.currency.code)
        writer.endObject()
    }

    /// One line: day, amount, the other side, and what was written, up to 80 characters of it.
    private func tabulate(_ entry: BankEntry) {
        sink.put("  " as StaticString)
        if let day = entry.bookingDay ?? entry.valueDay { sink.put(day) }
        sink.put("  " as StaticString)
        sink.put(entry.amount)
        sink.put(" " as StaticString)
        sink.put(entry.amount.currency.code)
        sink.put("  " as StaticString)
        sink.put(entry.counterparty ?? "")
        sink.put("  " as StaticString)
        // No more characters than bytes: most texts need no counting.
        if entry.text.utf8.count <= 80 { sink.put(entry.text) } else { sink.put(String(entry.text.prefix(80))) }
        sink.put("\n" as StaticString)
    }

    @inline(__always)
    private func member(_ name: StaticString, _ text: String?) {
        writer.key(name)
        writer.stringOrNull(text)
    }

    private func write(_ entry: BankEntry) {
        writer.beginObject()
        writer.key("booking_day")
        writer.day(entry.bookingDay)
        writer.key("value_day")
        writer.day(entry.valueDay)
        writer.key("amount")
        writer.decimal(entry.amount)
        member("currency", entry.amount.currency.code)
        member("counterparty", entry.counterparty)
        member("counterparty_account", entry.counterpartyAccount)
        member("structured_reference", entry.structuredReference)
        member("end_to_end", entry.endToEnd)
        member("bank_reference", entry.bankReference)
        member("text", entry.text)
        member("return_reason", entry.returnReason)
        if let status = entry.status { member("status", status) }
        writer.key("details")
        writer.beginArray()
        for detail in entry.details { write(detail) }
        writer.endArray()
        writer.endObject()
    }

    private func write(_ detail: BankEntryDetail) {
        writer.beginObject()
        writer.key("amount")
        writer.decimal(detail.amount)
        member("currency", detail.amount?.currency.code)
        member("counterparty", detail.counterparty)
        member("counterparty_account", detail.counterpartyAccount)
        member("structured_reference", detail.structuredReference)
        member("end_to_end", detail.endToEnd)
        member("bank_reference", detail.bankReference)
        member("text", detail.text)
        member("return_reason", detail.returnReason)
        writer.endObject()
    }
}
