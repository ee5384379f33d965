import ArgumentParser
import Books
import Database
import Foundation
import Invoicing
import InvoicingDesk
import Ledger
import ReportsDesk

extension Invoice {
    struct Drafts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the drafts that wait to be issued, with what the checks said.")
        @OptionGroup var common: Common
        @Flag(help: "Only those that a check holds.") var held = false
        @Option(help: "Only this seller.") var seller: String?
        @Option(help: "At most this many.") var limit = 100
        @Option(help: "After this draft.") var after: String?

        func run() async throws {
            try ListOptions.check(limit: limit)
            let from = try after.map { text in
                guard let id = RecordID(text) else { throw ValidationError("--after takes a draft, not '\(text)'.") }
                return id
            }
            let database = try await common.open()
            var items: [WaitingDraft] = []
            for seller in try await common.sellers(database, seller) {
                let (heldOnly, wanted) = (held, limit + 1)
                items += try await database.read {
                    try InvoicingDesk.drafts(heldOnly: heldOnly, after: from, limit: wanted, $0, book: seller.book)
                }
            }
            items.sort { $0.draft < $1.draft }
            let page = Array(items.prefix(limit))
            if common.json {
                return print(
                    try Answer.encode(ReportPage(page, next: items.count > limit ? page.last?.draft : nil)))
            }
            Answer.table(
                ["Draft", "Day", "Customer", "Order", "Gross", "", "State", "Why"],
                page.map {
                    [
                        $0.draft, $0.day, "\($0.customer) \($0.customer_name)", $0.order_id, $0.gross, $0.currency,
                        $0.state, $0.findings.map(\.why).joined(separator: " "),
                    ]
                }, right: [4])
            print("\(page.count) drafts\(items.count > limit ? ", and more: --after \(page.last?.draft ?? "")" : "").")
        }
    }

    struct Issue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issue waiting drafts by their ids: priced and checked anew, numbered where they pass.")
        @OptionGroup var common: Common
        @Argument(help: "The drafts; 'duly invoice drafts' lists them.") var drafts: [String]
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
        @Option(help: "The command's id; the same again returns the first outcome.") var id: String?

        func run() async throws {
            let ids = try drafts.map { text in
                guard let id = RecordID(text) else { throw InvoicingRefusal.noSuchDraft(text) }
                return id
            }
            let database = try await common.open()
            let desk = InvoicingDesk(database, clock: Common.clock, chance: Common.chance)
            let command = try common.command(id, "issue")
            var left = Set(ids)
            var outcomes: [BillRunOutcome] = []
            for seller in try await common.sellers(database) {
                let mine = try await database.read { transaction in
                    try transaction.pick(ids.map(\.number))
                    return try transaction.query(
                        "SELECT d.draft FROM picked CROSS JOIN drafts d WHERE d.book = $1 AND d.draft = picked.key",
                        [.int(seller.book)]
                    ).map { RecordID(number: try $0.int(0)) }
                }
                guard !mine.isEmpty else { continue }
                left.subtract(mine)
                outcomes.append(
                    try await desk.issue(
                        IssueDrafts(
                            id: command, drafts: mine, actor: common.actor, today: try common.day(in: seller.timeZone)),
                        book: seller.book, dryRun: dryRun))
            }
            if let unknown = left.sorted().first { throw InvoicingRefusal.noSuchDraft(unknown.description) }
            try Bill.report(outcomes, command, through: outcomes.first?.through ?? "", common, dryRun: dryRun)
        }
    }
}
