import Formats
import Foundation
import Money

/// Prints the neutral statements of bank files, as they are read: nothing of a file is kept.
final class BankPrinter {
    private let json: Bool
    private let sink = TextSink(fileDescriptor: 1)
    private var writer: JSONWriter
    private var warnings: [String] = []
    private var began = false

    init(json: Bool) {
        self.json = json
        writer = JSONWriter(sink)
    }

    /// Reads the file once to see that all of it can be read, and once to print it.
    func print(_ file: String, _ options: BankFile.Options) throws {
        try BankFile.read(path: file, options: options) { _ in }
        begin()
        var header: BankStatementHeader?
        var opened = false
        try BankFile.read(path: file, options: options) { event in
            switch event {
            case .warning(let warning): warnings.append("\(file): \(warning.text)")
            case .statementBegan(let statement):
                header = statement
                opened = true
                open(statement)
            case .entry(let entry): try write(entry)
            case .statementEnded(let statement, let totals):
                if opened { close(statement, totals) }
                opened = false
            }
        }
        _ = header
    }

    private func begin() {
        guard !began else { return }
        began = true
        guard json else { return }
        writer.beginObject()
        writer.name("statements")
        writer.beginArray()
    }

    func finish() throws {
        begin()
        if json {
            writer.endArray()
            writer.name("warnings")
            writer.beginArray()
            for warning in warnings { writer.string(warning) }
            writer.endArray()
            writer.endObject()
            try writer.endLine()
            try sink.flush()
        } else {
            try sink.flush()
            for warning in warnings { Answer.say(warning) }
        }
    }

    private func open(_ header: BankStatementHeader) {
        guard json else {
            Swift.print(
                "\(header.format)  \(header.id ?? header.number ?? "")  \(header.account ?? "")  \(header.currency?.code ?? "")"
            )
            return
        }
        writer.beginObject()
        writer.member("format", header.format)
        writer.member("statement", header.id ?? header.number)
        writer.member("account", header.accountNumber ?? header.account)
        writer.member("currency", header.currency?.code)
        writer.name("entries")
        writer.beginArray()
    }

    private func close(_ header: BankStatementHeader, _ totals: BankStatementTotals) {
        guard json else {
            let closing = header.closing.map { "closing \($0.amount)" } ?? "no closing balance"
            Swift.print("  \(totals.entries) entries, \(closing)\(totals.balanced == false ? ", does not add up" : "")")
            return
        }
        writer.endArray()
        balance("opening", header.opening)
        balance("closing", header.closing)
        writer.name("balanced")
        if let balanced = totals.balanced { writer.bool(balanced) } else { writer.null() }
        writer.endObject()
    }

    private func balance(_ name: String, _ balance: BankBalance?) {
        writer.name(name)
        guard let balance else { return writer.null() }
        writer.beginObject()
        writer.member("day", balance.day?.description)
        writer.member("amount", balance.amount.decimal)
        writer.member("currency", balance.amount.currency.code)
        writer.endObject()
    }

    private func write(_ entry: BankEntry) throws {
        guard json else {
            let day = (entry.bookingDay ?? entry.valueDay)?.description ?? ""
            Swift.print("  \(day)  \(entry.amount)  \(entry.counterparty ?? "")  \(entry.text.prefix(80))")
            return
        }
        writer.beginObject()
        writer.member("booking_day", entry.bookingDay?.description)
        writer.member("value_day", entry.valueDay?.description)
        writer.member("amount", entry.amount.decimal)
        writer.member("currency", entry.amount.currency.code)
        writer.member("counterparty", entry.counterparty)
        writer.member("counterparty_account", entry.counterpartyAccount)
        writer.member("structured_reference", entry.structuredReference)
        writer.member("end_to_end", entry.endToEnd)
        writer.member("bank_reference", entry.bankReference)
        writer.member("text", entry.text)
        writer.member("return_reason", entry.returnReason)
        if let status = entry.status { writer.member("status", status) }
        writer.name("details")
        writer.beginArray()
        for detail in entry.details {
            writer.beginObject()
            writer.member("amount", detail.amount?.decimal)
            writer.member("currency", detail.amount?.currency.code)
            writer.member("counterparty", detail.counterparty)
            writer.member("counterparty_account", detail.counterpartyAccount)
            writer.member("structured_reference", detail.structuredReference)
            writer.member("end_to_end", detail.endToEnd)
            writer.member("bank_reference", detail.bankReference)
            writer.member("text", detail.text)
            writer.member("return_reason", detail.returnReason)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        try sink.drain()
    }
}
