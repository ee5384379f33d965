import Access
import AccessDesk
import Books
import Database
import Foundation
import Ledger
import Money

/// Decides about what waits, and carries out what was agreed to: exactly the kept command, under its own id, as whoever asked. Between
/// deciding and carrying out the program may die; the same decision again goes on there, and the command's id does it once.
struct ApprovalGiving: Sendable {
    let desk: CommandDesk
    /// Who decides.
    let principal: Principal
    private var approvals: ApprovalDesk { desk.approvals }

    func give(_ text: String, dryRun: Bool) async throws -> ApprovalAnswer {
        let found = try await find(text)
        // Before anything is tried: a dry run tells of the books, so it is for those who may decide.
        let approval = try await approvals.approval(found)
        _ = try approval.give(by: principal, limits: try await approvals.limits())
        guard found.state.isOpen else { return try await told(found) }
        guard let run = kept(found)?.run(id: found.command) else { throw AccessRefusal.erasedRequest(found.id) }
        try await desk.check(run, CommandDesk.sight(of: principal))
        let asker = approval.asker
        if found.state == .waiting { try await checkWorth(run, found, try await door(as: asker, found)) }
        let (facts, step) = try await approvals.decide(
            found.id, .give, by: principal, day: day, dryRun: dryRun)
        // Each run has a door of its own, which takes what is said.
        let door = try await door(as: asker, found)
        if dryRun { return try await told(facts, said: Self.text(await SecondWord.dry(run, door))) }
        if step == .stands { return try await told(facts) }
        CrashPoint.reach("approval.agreed")
        return try await carryOut(run, facts, door)
    }

    func refuse(_ text: String, reason: String, dryRun: Bool) async throws -> ApprovalAnswer {
        let found = try await find(text)
        return try await told(
            approvals.decide(found.id, .refuse(reason: reason), by: principal, day: day, dryRun: dryRun).facts)
    }

    func withdraw(_ text: String, dryRun: Bool) async throws -> ApprovalAnswer {
        let found = try await find(text)
        return try await told(
            approvals.decide(found.id, .withdraw, by: principal, day: day, dryRun: dryRun).facts)
    }

    private var day: Day { desk.day(nil) }

    /// Not there, or in books that are not seen: nobody can tell which.
    private func find(_ text: String) async throws -> ApprovalFacts {
        guard let id = RecordID(text), let found = try await approvals.find(id), principal.maySee(book: found.book)
        else { throw AccessRefusal.noSuchApproval(text) }
        return found
    }

    private func kept(_ facts: ApprovalFacts) -> KeptCommand? { approvals.request(facts).flatMap(KeptCommand.init) }

    /// As whoever asked, on all of the books: what they named was checked when they asked.
    private func door(as asker: Principal?, _ facts: ApprovalFacts) async throws -> Door {
        try await desk.door(
            as: asker ?? Principal(user: facts.askedBy, name: facts.askedName, role: .auditor), reading: false)
    }

    /// What somebody agrees to is what was asked for.
    private func checkWorth(_ run: CommandRun, _ facts: ApprovalFacts, _ door: Door) async throws {
        guard case .answered(let output, _, _, _) = await SecondWord.dry(run, door) else { return }
        let now = try await SecondWord(desk: desk).worth(of: run, output, facts.worth.currency)
        guard now == facts.worth || now.minor == 0 && facts.worth.minor == 0 else {
            // Somebody else's word was quicker, and the books have it already.
            guard try await approvals.find(facts.id)?.state == .waiting else { return }
            throw AccessRefusal.worthChanged(facts.id, asked: facts.worth, now: now)
        }
    }

    private func carryOut(_ run: CommandRun, _ facts: ApprovalFacts, _ door: Door) async throws -> ApprovalAnswer {
        let outcome = await run.run(at: door, json: true)
        CrashPoint.reach("approval.carried-out")
        switch outcome {
        case .answered(_, _, _, let wholly):
            let state: Approval.State = wholly ? .done : .failed
            let said = Self.text(outcome)
            return try await end(
                facts, state,
                wholly
                    ? []
                    : [
                        .init(
                            code: "approval.in-part", what: "Not all of it was done.", why: said ?? "",
                            next: "Look at what was held back, and ask anew for the rest.")
                    ], said: said)
        case .refused(let lines):
            return try await end(
                facts, .failed,
                lines.map { .init(code: $0.code, what: $0.what, why: $0.why, next: $0.next) }, said: nil)
        case .usage(let message):
            return try await end(
                facts, .failed,
                [.init(code: "usage", what: "Nothing was done.", why: message, next: "Ask for it anew.")], said: nil)
        // It stays agreed to: the same again goes on.
        case .waits: throw DatabaseError.bug("what was agreed to waits")
        case .outage(let why): throw Outage(message: why)
        case .bug(let why): throw DatabaseError.bug(why)
        }
    }

    private func end(
        _ facts: ApprovalFacts, _ state: Approval.State, _ refused: [ApprovalAnswer.Refused], said: String?
    ) async throws -> ApprovalAnswer {
        let ended = try await approvals.end(
            facts.id, state, code: refused.first?.code, answer: refused.isEmpty ? "" : try Answer.encode(refused),
            by: principal.name, day: day)
        return try await told(ended, said: said)
    }

    private static func text(_ outcome: CommandRun.Outcome) -> String? {
        guard case .answered(let output, _, _, _) = outcome else { return nil }
        let text = String(decoding: output, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    private func told(_ facts: ApprovalFacts, said: String? = nil) async throws -> ApprovalAnswer {
        ApprovalAnswer(
            facts, limits: try await approvals.limits(), request: kept(facts), answer: approvals.answer(facts),
            said: said)
    }
}

/// What waits or waited, for a reader: what a command holds is shown to whoever asked or may decide.
struct ApprovalReading: Sendable {
    let desk: CommandDesk
    /// nil: whoever sits at the machine.
    let principal: Principal?

    func list(_ states: [Approval.State], book: Int64?, limit: Int, after: RecordID?) async throws -> [ApprovalAnswer] {
        let (approvals, limits) = (desk.approvals, try await desk.approvals.limits())
        return try await approvals.list(states, book: book, limit: limit, after: after).map { facts in
            let isShown = principal.map { $0.user == facts.askedBy || $0.may("approval give") } ?? true
            let kept = isShown ? approvals.request(facts).flatMap(KeptCommand.init) : nil
            return ApprovalAnswer(
                facts, limits: limits, request: kept, answer: isShown ? approvals.answer(facts) : "")
        }
    }

    /// Those that wait for this person.
    func decidable() async throws -> [ApprovalFacts] {
        let open = try await desk.approvals.list([Approval.State.waiting, .agreed], limit: 1_000)
        guard let principal, principal.user != nil else { return open }
        let limits = try await desk.approvals.limits()
        return open.filter { facts in
            let asker = Principal(user: facts.askedBy, name: facts.askedName, role: .auditor)
            return SecondPerson.mayAgree(
                principal, to: facts.rule, of: facts.counted, askedBy: asker, limits: limits)
                && principal.maySee(book: facts.book)
        }
    }
}
