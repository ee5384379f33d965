import Access
import Foundation
import Money
import Web

/// What gives money away is limited by role (`SecondPerson`): above a limit it is refused, and whoever may do it is named. The amount is
/// what a dry run of the very command says, so that a credit of "everything that is left" is judged by its sum.
struct AmountLimits: Sendable {
    let desk: CommandDesk

    /// Throws an `AccessRefusal` where the command goes beyond what its sender may do alone. An amount counts by its own currency:
    /// limits are whole units of whichever it is.
    func check(_ run: CommandRun, as session: WebSession) async throws {
        guard let principal = session.context as? Principal, principal.user != nil, let name = Self.rule(run),
            run.values["dry-run"] != ["true"]
        else { return }
        let amount = try await amount(of: run, session)
        switch SecondPerson.answer(name, of: amount, by: principal.role) {
        case .alone: return
        case .never: throw AccessRefusal.notAllowed(run.entry.name, principal.role)
        case .with(let roles):
            throw AccessRefusal.beyondLimit(
                run.entry.name, limit: SecondPerson.limit(of: principal.role, for: name) ?? 0,
                currency: amount.currency.code, roles: roles)
        }
    }

    /// The rule that a run falls under. A receipt that is applied with a write-off gives the write-off away.
    private static func rule(_ run: CommandRun) -> String? {
        if run.entry.name == "cash apply" {
            return run.values["write-off"] == nil && run.files.isEmpty ? nil : "cash write-off"
        }
        return SecondPerson.commands.contains(run.entry.name) ? run.entry.name : nil
    }

    /// Nothing where the dry run is refused: the command will be, too, and says why itself.
    private func amount(of run: CommandRun, _ session: WebSession) async throws -> Money {
        var dry = run
        dry.values["dry-run"] = ["true"]
        dry.values["id"] = nil
        let door = try await desk.door(for: session, reading: false)
        guard case .answered(let output, _, _, _) = await dry.run(at: door, json: true),
            let answer = try? JSONDecoder().decode(Answer.self, from: Data(output))
        else { return Money(minor: 0, .eur) }
        return answer.largest
    }

    /// What dry runs of these commands say, as far as it is about amounts.
    private struct Answer: Decodable {
        struct Allocation: Decodable { let writeoff, currency: String? }
        let gross, amount, currency: String?
        let allocations: [Allocation]?

        private static func money(_ text: String?, _ code: String?) -> Money? {
            guard let text, let code, let currency = Currency(code) else { return nil }
            return try? Money(text, currency)
        }

        /// Of one currency the sum, so that many small ones count as what they are.
        var largest: Money {
            if let gross = Self.money(gross, currency) { return gross }
            var sums: [String: Money] = [:]
            for one in allocations ?? [] {
                guard let money = Self.money(one.writeoff, one.currency) else { continue }
                let before = sums[money.currency.code]?.minor ?? 0
                sums[money.currency.code] = Money(
                    minor: before + Int64(clamping: money.minor.magnitude), money.currency)
            }
            return sums.values.max { $0.minor < $1.minor } ?? Money(minor: 0, .eur)
        }
    }
}
