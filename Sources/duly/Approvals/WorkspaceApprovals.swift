import Access
import AccessDesk
import Foundation
import Ledger
import Money
import Web
import Workspace

/// The page of what waits for a second person.
extension WorkspaceBooks {
    /// How many that were decided the page shows.
    private static let mostDecided = 30

    func approvals(seller: String?, for session: WebSession) async throws -> ApprovalsView {
        let houses = try await reading { transaction in try self.houses(seller, transaction) }
        let book = seller == nil ? nil : houses.first?.book
        let (reading, principal) = (approvalReading(session.context as? Principal), session.context as? Principal)
        let mine = Set(try await reading.decidable().map(\.id.description))
        func list(_ states: [Approval.State], _ limit: Int) async throws -> [ApprovalView] {
            try await reading.list(states, book: book, limit: limit, after: nil).map { one in
                Self.view(
                    one, mayDecide: principal?.user != nil && mine.contains(one.approval) && principal?.token == nil,
                    mayWithdraw: one.state == "waiting" && principal?.user != nil && one.askedBy == session.user)
            }
        }
        return ApprovalsView(
            day: day(houses.first?.timeZone ?? "UTC"), sellers: houses.map(\.view),
            open: try await list([.waiting, .agreed], 200),
            decided: try await list([.done, .failed, .refused, .withdrawn], Self.mostDecided),
            limits: ApprovalCommand.LimitAnswer.all(try await commands.approvals.limits()).map {
                ApprovalLimitView(rule: $0.rule, role: $0.role, alone: $0.alone, agrees: $0.agrees)
            })
    }

    /// What waits for the reader of the first page.
    func approvalsToDecide() async throws -> Set<Int64> {
        guard let principal = Asking.principal, principal.user != nil, principal.may("approval give") else { return [] }
        return Set(try await approvalReading(principal).decidable().map(\.id.number))
    }

    /// Through the same views as everything that is read.
    private func approvalReading(_ principal: Principal?) -> ApprovalReading {
        ApprovalReading(
            desk: CommandDesk(url: commands.url, database: database, day: commands.day), principal: principal)
    }

    private static func view(_ one: ApprovalAnswer, mayDecide: Bool, mayWithdraw: Bool) -> ApprovalView {
        let amount = one.amount.flatMap { text in
            one.currency.flatMap { Currency($0) }.flatMap { currency in (try? Money(text, currency)).map { Amount($0) }
            }
        }
        let order = Catalogue.all[one.asks]?.parameters.map(\.name) ?? []
        let values = (one.request?.values ?? [:]).sorted {
            (order.firstIndex(of: $0.key) ?? order.count, $0.key) < (
                order.firstIndex(of: $1.key) ?? order.count, $1.key
            )
        }.flatMap { name, values in values.map { ApprovalView.Value(name: name, value: $0) } }
        let files = (one.request?.files ?? []).map { ApprovalView.Value(name: "file", value: $0) }
        let refusal = (one.refusal ?? []).map { "\($0.why) \($0.next)" }.joined(separator: " ")
        return ApprovalView(
            id: one.approval, state: one.state, asks: one.asks, seller: one.seller, customer: one.customer,
            amount: amount, askedBy: one.askedBy, asked: Day(one.day) ?? Day(number: 0), decidedBy: one.decidedBy,
            roles: one.roles, values: values + files, answer: one.reason ?? (refusal.isEmpty ? nil : refusal),
            mayDecide: mayDecide, mayWithdraw: mayWithdraw)
    }

    /// The line on the page from which somebody asked.
    static func waiting(_ one: ApprovalAnswer, _ language: Language) -> String {
        let worth = one.amount.map { " \($0) \(one.currency ?? "")" } ?? ""
        return language == .german
            ? "Nichts wurde gebucht: \(one.asks)\(worth) wartet auf eine zweite Person (\(one.approval))."
            : "Nothing was booked: \(one.asks)\(worth) waits for a second person (\(one.approval))."
    }
}
