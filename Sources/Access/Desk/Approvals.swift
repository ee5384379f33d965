import Access
import Books
import Database
import Ledger
import Money

/// A command that is to wait for a second person.
public struct NewApproval: Sendable {
    public let book: Int64
    public let command: CommandID
    /// As on the command line, such as `cash apply`; `rule` says under which limits it falls.
    public let name, rule: String
    /// The command with its values and files, in canonical text.
    public let request: String
    public let customer: Int64?
    public let worth, counted: Money
    public let day: Day
    public let asker: Principal

    public init(
        book: Int64, command: CommandID, name: String, rule: String, request: String, customer: Int64?, worth: Money,
        counted: Money, day: Day, asker: Principal
    ) {
        (self.book, self.command, self.name, self.rule) = (book, command, name, rule)
        (self.request, self.customer, self.worth, self.counted) = (request, customer, worth, counted)
        (self.day, self.asker) = (day, asker)
    }
}

/// What waits, or waited, for a second person.
public struct ApprovalFacts: Sendable, Equatable {
    public let id: RecordID
    public let book: Int64
    public let seller, command, name, rule: String
    /// The number the firm uses.
    public let customer: String?
    public let worth, counted: Money
    public let askedBy: Int64
    public let askedName, asked, day: String
    public let state: Approval.State
    public let decidedName, decided: String?
    let salt, hash, sealed, answer: String

    /// Whether it is the same command with the same values.
    public func holds(_ request: String) -> Bool { Self.hash(salt, request) == hash }

    /// Salted: whoever reads it cannot try out which bank account it was.
    static func hash(_ salt: String, _ request: String) -> String { Books.hash(salt + "\n" + request) }
}

/// Keeps what waits for a second person, and who decided what about it. It decides nothing that Access has not decided.
public struct ApprovalDesk: Sendable {
    let database: any Database
    let vault: Vault?
    let clock: @Sendable () -> Instant
    let chance: @Sendable () -> UInt64

    /// Without a vault nothing new can wait, and what waits cannot be read.
    public init(
        _ database: any Database, vault: Vault?, clock: @escaping @Sendable () -> Instant,
        chance: @escaping @Sendable () -> UInt64
    ) {
        (self.database, self.vault, self.clock, self.chance) = (database, vault, clock, chance)
    }

    // MARK: Asking

    /// Keeps a command; the same id and content again is what waits already.
    public func ask(_ new: NewApproval) async throws -> ApprovalFacts {
        guard let vault else { throw AccessRefusal.noKeyToKeep }
        let (now, dice, salt) = (clock(), chance(), "\(chance()).\(chance())")
        return try await database.transaction { transaction in
            let books = try Books(new.book, in: transaction, clock: now, chance: dice)
            let records = ApprovalRecords(transaction: transaction)
            if let earlier = try records.find(command: new.command.text, book: new.book) {
                guard earlier.holds(new.request) else { throw BooksRefusal.otherContent(new.command) }
                return earlier
            }
            let id = books.mint()
            try records.insert(new, id: id, salt: salt, sealed: vault.seal(new.request), at: books.recordedText)
            guard let made = try records.find(id, book: new.book) else { throw DatabaseError.bug("no new approval") }
            try books.record([Self.event("ask", made, by: new.asker.name, day: new.day, state: .waiting)])
            return made
        }
    }

    // MARK: Deciding

    public enum Decision: Sendable {
        case give
        case refuse(reason: String)
        case withdraw
    }

    /// Decides about one, as the rules have it, and says what is to be done now.
    /// - Parameter dryRun: say what would be decided, and keep nothing.
    public func decide(
        _ id: RecordID, _ decision: Decision, by person: Principal, day: Day, dryRun: Bool = false
    ) async throws -> (facts: ApprovalFacts, step: Approval.Step) {
        let (now, dice, vault) = (clock(), chance(), vault)
        return try await database.transaction { transaction in
            let records = ApprovalRecords(transaction: transaction)
            guard let book = try records.book(of: id) else { throw AccessRefusal.noSuchApproval(id.description) }
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            // Two people at once: whoever comes second sees what the first decided.
            try books.lockBook()
            guard let facts = try records.find(id, book: book) else {
                throw AccessRefusal.noSuchApproval(id.description)
            }
            let (step, event, answer) = try Self.judge(facts, decision, person, records)
            guard case .move(let state) = step, !dryRun else { return (facts, step) }
            guard answer.isEmpty || vault != nil else { throw AccessRefusal.noKeyToKeep }
            try records.move(
                facts, to: state, by: person, answer: answer.isEmpty ? "" : vault?.seal(answer) ?? "",
                at: books.recordedText)
            try books.record([Self.event(event, facts, by: person.name, day: day, state: state)])
            return (try records.find(id, book: book) ?? facts, step)
        }
    }

    private static func judge(
        _ facts: ApprovalFacts, _ decision: Decision, _ person: Principal, _ records: ApprovalRecords
    ) throws -> (Approval.Step, event: String, answer: String) {
        let (limits, approval) = (try records.limits(), try records.approval(facts))
        return switch decision {
        case .give: (try approval.give(by: person, limits: limits), "give", "")
        case .refuse(let reason): (try approval.refuse(by: person, limits: limits), "refuse", reason)
        case .withdraw: (try approval.withdraw(by: person), "withdraw", "")
        }
    }

    /// What came of a command that was agreed to; once, whoever comes first.
    /// - Parameter answer: what the books said where they refused it.
    public func end(_ id: RecordID, _ state: Approval.State, code: String?, answer: String, by actor: String, day: Day)
        async throws -> ApprovalFacts
    {
        let (now, dice, vault) = (clock(), chance(), vault)
        return try await database.transaction { transaction in
            let records = ApprovalRecords(transaction: transaction)
            guard let book = try records.book(of: id), let facts = try records.find(id, book: book) else {
                throw AccessRefusal.noSuchApproval(id.description)
            }
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            guard
                try records.end(facts, as: state, answer: answer.isEmpty ? "" : vault?.seal(answer) ?? "")
            else { return facts }
            try books.record([Self.event("end", facts, by: actor, day: day, state: state, code: code)])
            return try records.find(id, book: book) ?? facts
        }
    }

    /// Ids, names of users and the amount; nothing of what the command holds.
    private struct Told: Encodable {
        let approval, command, asks, asked_by, state: String
        let decided_by: String?
        let amount, currency: String
        let code: String?
    }

    private static func event(
        _ word: String, _ facts: ApprovalFacts, by actor: String, day: Day, state: Approval.State, code: String? = nil
    ) throws -> Recording {
        let told = Told(
            approval: facts.id.description, command: facts.command, asks: facts.name, asked_by: facts.askedName,
            state: state.rawValue, decided_by: word == "ask" ? nil : facts.decidedName ?? actor,
            amount: facts.worth.decimal, currency: facts.worth.currency.code, code: code)
        guard let command = CommandID("approval-\(facts.id)-\(word)") else { throw DatabaseError.bug("no command id") }
        return Recording(
            command: command, kind: "approval.\(word)", content: "approval.\(word) \(facts.id) \(facts.hash)",
            actor: Actor(name: actor), day: day, outcome: try ApprovalRecords.json(told))
    }

    // MARK: Reading

    public func find(_ id: RecordID) async throws -> ApprovalFacts? {
        try await database.read { transaction in
            let records = ApprovalRecords(transaction: transaction)
            return try records.book(of: id).flatMap { try records.find(id, book: $0) }
        }
    }
    public func find(command: String) async throws -> ApprovalFacts? {
        try await database.read { transaction in
            let records = ApprovalRecords(transaction: transaction)
            for book in try records.books() {
                if let found = try records.find(command: command, book: book) { return found }
            }
            return nil
        }
    }

    /// Newest first, those of these states, behind `after`.
    public func list(
        _ states: [Approval.State] = Approval.State.allCases, book: Int64? = nil, limit: Int = 100,
        after: RecordID? = nil
    ) async throws -> [ApprovalFacts] {
        try await database.read { transaction in
            let records = ApprovalRecords(transaction: transaction)
            let books = try book.map { [$0] } ?? records.books()
            let all = try books.flatMap { book in
                try states.flatMap { try records.list($0, book: book, limit: limit, after: after) }
            }
            return Array(all.sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    /// As the rules see it.
    public func approval(_ facts: ApprovalFacts) async throws -> Approval {
        try await database.read { try ApprovalRecords(transaction: $0).approval(facts) }
    }

    /// What a command asked for; nil where it was erased or sealed under another key.
    public func request(_ facts: ApprovalFacts) -> String? { vault?.open(facts.sealed) }
    /// Why it was refused; empty where nobody said.
    public func answer(_ facts: ApprovalFacts) -> String { vault?.open(facts.answer) ?? "" }

    // MARK: Limits

    public func limits() async throws -> ApprovalLimits {
        try await database.read { try ApprovalRecords(transaction: $0).limits() }
    }

    /// Sets what a role decides alone and agrees to; what is nil stays.
    public func setLimit(
        _ rule: String, _ role: Role, alone: Bound?, agrees: Bound?, by actor: String, dryRun: Bool = false
    ) async throws -> ApprovalLimits.Pair {
        guard SecondPerson.commands.contains(rule) else { throw AccessRefusal.noSuchRule(rule) }
        let (now, chance) = (clock(), chance)
        return try await database.transaction { transaction in
            let records = ApprovalRecords(transaction: transaction)
            let before = try records.limits().pair(rule, role)
            let after = ApprovalLimits.Pair(alone: alone ?? before.alone, agrees: agrees ?? before.agrees)
            guard !dryRun else { return after }
            try records.set(rule, role, after)
            try AccessRecords(transaction: transaction, now: now, chance: chance).act(
                "limit set", by: actor, on: nil,
                "\(rule), \(role.rawValue): alone \(before.alone.text) -> \(after.alone.text), "
                    + "agrees \(before.agrees.text) -> \(after.agrees.text)")
            return after
        }
    }

    /// Who asks by a name at the command line; nil where the books have no such user, or shut them out.
    public func principal(named name: String) async throws -> Principal? {
        let (now, chance) = (clock(), chance)
        return try await database.read { transaction in
            let records = AccessRecords(transaction: transaction, now: now, chance: chance)
            guard let user = try records.user(named: name.lowercased()), user.active else { return nil }
            return user.principal(session: nil, formToken: "")
        }
    }
}
