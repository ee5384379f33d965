import Access
import AccessDesk
import Foundation
import Ledger
import Money

/// What waits, or waited, for a second person, as it is told everywhere.
struct ApprovalAnswer: Encodable, Sendable, Equatable {
    struct Refused: Codable, Sendable, Equatable {
        let code, what, why, next: String
    }
    struct Asked: Codable, Sendable, Equatable {
        let values: [String: [String]]
        /// Names of the files that came with it.
        let files: [String]
    }
    let approval: String
    /// waiting, agreed, done, failed, refused, withdrawn
    let state: String
    /// The command's name, and the id under which it is carried out.
    let asks, command: String
    let seller: String
    @OrNull var customer: String?
    /// What it gives away; null where it is about no amount.
    @OrNull var amount: String?
    @OrNull var currency: String?
    let askedBy, asked, day: String
    @OrNull var decidedBy: String?
    @OrNull var decided: String?
    /// The roles of which somebody may agree, while it waits.
    let roles: [String]
    /// The values of the command, for those who asked or may decide; null for others, and once erased.
    @OrNull var request: Asked?
    /// Why a person refused it.
    @OrNull var reason: String?
    /// What the books said where they refused it.
    @OrNull var refusal: [Refused]?
    /// What carrying it out said.
    var said: String?

    enum CodingKeys: String, CodingKey {
        case approval, state, asks, command, seller, customer, amount, currency, asked, day, decided, roles, request,
            reason, refusal, said
        case askedBy = "asked_by"
        case decidedBy = "decided_by"
    }

    init(
        _ facts: ApprovalFacts, limits: ApprovalLimits, request kept: KeptCommand?, answer: String,
        said: String? = nil
    ) {
        (approval, state, asks, command) = (facts.id.description, facts.state.rawValue, facts.name, facts.command)
        (seller, askedBy, asked, day) = (facts.seller, facts.askedName, facts.asked, facts.day)
        roles =
            facts.state == .waiting
            ? limits.agreeing(facts.rule, to: facts.counted).sorted().map(\.rawValue) : []
        self.said = said
        customer = facts.customer
        amount = facts.worth.minor == 0 ? nil : facts.worth.decimal
        currency = facts.worth.minor == 0 ? nil : facts.worth.currency.code
        decidedBy = facts.decidedName
        decided = facts.decided
        request = kept.map { Asked(values: $0.values, files: $0.files.map(\.name)) }
        let isBooks = facts.state == .failed
        reason = isBooks || answer.isEmpty ? nil : answer
        refusal = isBooks ? (try? Answer.decode([Refused].self, answer)) ?? [] : nil
    }

    var words: String {
        let worth = amount.map { " of \($0) \(currency ?? "")" } ?? ""
        let who = roles.joined(separator: " or ")
        let what = "\(approval): '\(asks)'\(worth), asked for by \(askedBy)"
        return switch state {
        case "waiting": "Waits for a second person. \(what); somebody else decides who is \(who)."
        case "agreed": "Agreed to by \(decidedBy ?? ""), and not carried out yet. \(what)."
        case "done": "Agreed to by \(decidedBy ?? ""), and carried out. \(what)."
        case "failed":
            "Agreed to by \(decidedBy ?? ""), and refused by the books. \(what)."
                + (refusal ?? []).map { " \($0.why) \($0.next) (\($0.code))" }.joined()
        case "refused": "Refused by \(decidedBy ?? "")\(reason.map { ": \($0)" } ?? ""). \(what)."
        default: "Withdrawn. \(what)."
        }
    }
}
