import Books
import Correspondence
import Database
import Ledger
import Mail
import Money

/// Delivers the letters of the outbox by mail.
///
/// A letter is taken for a while, written, marked `sending` with its Message-ID in a transaction of its own, and only then
/// handed to the server. Who dies before that mark has sent nothing, and the letter is taken again when its time is up; who dies
/// after it leaves the letter `uncertain`: never sent again by itself. Letters are written side by side, but of one desk only one
/// at a time is on its way: a crash leaves one letter uncertain, never several. Who needs more speed starts more workers.
public struct OutboxWorker: Sendable {
    public typealias Line = @Sendable (WrittenMail) async -> SendingResult

    /// What to do when the mail server is out of order.
    public enum Patience: Sendable {
        /// Tries so often, with a pause between, then throws `MailOutage`. For the command line.
        case tries(Int, pause: Duration)
        /// Comes back and says so; the caller waits, longer each time.
        case endless
    }

    public enum Scope: Sendable {
        /// All whose time has come.
        case due
        /// The letters about these documents that are queued, now.
        case about([RecordID])
    }

    let desk: CorrespondenceDesk
    let book: Int64
    let lines: [Line]

    /// After so many attempts a letter that the server keeps putting off is given up.
    public static let attempts = 8
    /// How long a letter that was taken is nobody else's.
    static let lease: Int64 = 300_000_000
    /// Letters taken at a time, for each line.
    static let few = 4

    /// - Parameter lines: each sends one letter at a time; several send side by side.
    public init(_ desk: CorrespondenceDesk, book: Int64, lines: [Line]) {
        precondition(!lines.isEmpty, "a worker needs a line to a mail server")
        self.desk = desk
        self.book = book
        self.lines = lines
    }

    /// With `count` lines to the server of these settings.
    public init(_ desk: CorrespondenceDesk, book: Int64, server: SMTPSettings, lines count: Int = 2) {
        self.init(
            desk, book: book,
            lines: (0..<max(1, count)).map { _ in
                let transport = SMTPTransport(server)
                return { await transport.send($0) }
            })
    }

    /// To be called once before the first delivery of a process, and from time to time: letters whose worker died become
    /// `uncertain`. Returns how many.
    @discardableResult
    public func start() async throws -> Int {
        try await jobs { try $0.markOrphans() }
    }

    /// Delivers what is queued, until nothing is left whose time has come.
    public func deliver(
        _ scope: Scope = .due, patience: Patience, progress: @escaping @Sendable (_ done: Int) -> Void = { _ in }
    ) async throws -> SendingOutcome {
        var outcome = SendingOutcome()
        let (sender, queued) = try await sender()
        guard let sender else {
            outcome.problem = .init(queued)
            return outcome
        }
        var last: Int64 = -1
        while !Task.isCancelled {
            let after = last
            let letters = try await jobs { jobs in
                let wanted: OutboxJobs.Wanted =
                    switch scope {
                    case .due: .due
                    case .about(let documents): .about(documents, after: after)
                    }
                return try jobs.take(
                    Self.few * lines.count, by: .email, wanted, until: Instant(micro: jobs.now.micro + Self.lease))
            }
            guard let highest = letters.last?.message.number else { break }
            last = highest
            let drafts = try await desk.database.read { try LetterReader($0, book: book).drafts(letters) }
            let round = try await send(Array(zip(letters, drafts)), from: sender, patience)
            outcome.add(round)
            progress(outcome.letters.count)
            if let outage = round.outage {
                if case .tries(let tries, _) = patience { throw MailOutage(reason: outage, tries: tries) }
                break
            }
        }
        return outcome
    }

    /// Works until its task is cancelled. A letter that is being sent then is finished first.
    public func work(idle: Duration = .seconds(10)) async throws {
        var outages = 0
        while !Task.isCancelled {
            try await start()
            let outcome = try await deliver(patience: .endless)
            outages = outcome.outage == nil ? 0 : min(outages + 1, 6)
            // 10, 20, 40 … 320 seconds while the server is out of order.
            let pause = outages == 0 ? idle : .seconds(5 << outages)
            guard (try? await Task.sleep(for: pause)) != nil else { return }
        }
    }

    // MARK: One round

    private typealias Job = (letter: OutboxLetter, draft: Result<LetterDraft, LetterImpossible>)

    /// Sends a few letters, line by line side by side. What a line did not come to is given back.
    private func send(_ jobs: [Job], from sender: EmailAddress, _ patience: Patience) async throws -> SendingOutcome {
        try await withThrowingTaskGroup(of: SendingOutcome.self) { group in
            for (place, line) in lines.enumerated() {
                let mine = stride(from: place, to: jobs.count, by: lines.count).map { jobs[$0] }
                guard !mine.isEmpty else { continue }
                group.addTask { try await send(mine, by: line, from: sender, patience) }
            }
            var outcome = SendingOutcome()
            for try await part in group { outcome.add(part) }
            return outcome
        }
    }

    private func send(_ mine: [Job], by line: Line, from sender: EmailAddress, _ patience: Patience) async throws
        -> SendingOutcome
    {
        var outcome = SendingOutcome()
        for (letter, draft) in mine {
            guard outcome.outage == nil, !Task.isCancelled else {
                try await jobs { try $0.release(letter) }
                continue
            }
            do {
                try await send(letter, try draft.get(), by: line, from: sender, patience, &outcome)
            } catch let impossible as LetterImpossible {
                if try await jobs({ try $0.settle(letter, state: "refused", answer: impossible.why) }) {
                    outcome.letters.append(.init(letter, try? draft.get(), state: "refused", answer: impossible.why))
                }
            }
        }
        return outcome
    }

    private func send(
        _ letter: OutboxLetter, _ draft: LetterDraft, by line: Line, from sender: EmailAddress, _ patience: Patience,
        _ outcome: inout SendingOutcome
    ) async throws {
        let id = try Self.messageID(of: letter, book: book, sender: sender)
        let mail = try draft.mail(id: id, from: sender, at: desk.clock())
        await desk.gate.enter()
        defer { desk.gate.leave() }
        guard !Task.isCancelled else {
            try await jobs { try $0.release(letter) }
            return
        }
        guard try await jobs({ try $0.begin(letter, messageID: id.description) }) else { return }
        CrashPoint.reach("outbox.marked-sending")
        var result = await line(mail)
        if case .tries(let tries, let pause) = patience {
            var tried = 1
            while case .retry(let reason) = result, reason.isOutage, tried < tries, !Task.isCancelled {
                // Nobody has got it: the mark stands, and the same message may go again.
                guard (try? await Task.sleep(for: pause)) != nil else { break }
                result = await line(mail)
                tried += 1
            }
        }
        CrashPoint.reach("outbox.answered")
        let (final, attempt) = (result, letter.attempts + 1)
        let (state, answer) = try await jobs { jobs -> (String, String) in
            switch final {
            case .sent(let reply):
                try jobs.end(letter, messageID: id.description, state: "sent", answer: reply)
                return ("sent", reply)
            case .refused(let refusal):
                let answer = Self.words(refusal)
                try jobs.end(letter, messageID: id.description, state: "refused", answer: answer)
                return ("refused", answer)
            case .uncertain(let why):
                try jobs.end(letter, messageID: id.description, state: "uncertain", answer: why)
                return ("uncertain", why)
            case .retry(let reason) where reason.isOutage:
                // The letter is not at fault: it waits without losing an attempt.
                try jobs.end(
                    letter, messageID: id.description, state: "queued", answer: reason.text, uncounted: true)
                return ("queued", reason.text)
            case .retry(let reason):
                guard attempt < Self.attempts else {
                    let answer = "gave up after \(attempt) attempts: \(Self.words(reason))"
                    try jobs.end(letter, messageID: id.description, state: "refused", answer: answer)
                    return ("refused", answer)
                }
                try jobs.end(
                    letter, messageID: id.description, state: "queued", answer: Self.words(reason),
                    nextAt: Instant(micro: jobs.now.micro + Self.pause(after: attempt)))
                return ("queued", Self.words(reason))
            }
        }
        if case .retry(let reason) = final, reason.isOutage { outcome.outage = reason }
        outcome.letters.append(.init(letter, draft, state: state, answer: answer))
    }

    /// 1, 2, 4 … 64 minutes, in microseconds.
    static func pause(after attempt: Int) -> Int64 { 60_000_000 << Int64(min(max(attempt, 1), 7) - 1) }

    /// The name of a letter's message for ever: made from the book and the letter. One that is sent again by a person has the
    /// next number, and stands in the outbox already.
    static func messageID(of letter: OutboxLetter, book: Int64, sender: EmailAddress) throws -> MessageID {
        if !letter.messageID.isEmpty { return try MessageID(letter.messageID) }
        return try MessageID(
            left: "\(letter.message).\(RecordID(number: book)).1".lowercased(), right: sender.domain)
    }

    private static func words(_ refusal: SendingRefusal) -> String {
        let about =
            switch refusal.about {
            case .sender: "the sender: "
            case .recipient(let address): "\(address): "
            case .message: ""
            }
        return "\(about)\(refusal.code) \(refusal.text)"
    }
    private static func words(_ reason: RetryReason) -> String {
        (reason.code.map { "\($0) " } ?? "") + reason.text
    }

    /// The address we write from, or why there is none and how many letters wait for it.
    private func sender() async throws -> (EmailAddress?, CorrespondenceRefusal) {
        let seller = try await desk.database.read { try SellerBlock($0, book: book) }
        let refusal = CorrespondenceRefusal.sellerHasNoAddress(seller: seller.code, given: seller.email)
        return (try? EmailAddress(seller.email), refusal)
    }

    private func jobs<T: Sendable>(_ body: @escaping @Sendable (OutboxJobs) throws -> T) async throws -> T {
        let now = desk.clock()
        return try await desk.database.transaction(isolation: .readCommitted) {
            try body(OutboxJobs(transaction: $0, book: book, now: now))
        }
    }
}

extension RetryReason {
    /// Whether the server serves nobody now (then every letter waits), or puts off this letter alone.
    var isOutage: Bool { kind != .busy || code == nil || code == 421 || code == 554 }
}

/// The mail server could not be reached, or would not let us in: an outage. The letters stay queued.
public struct MailOutage: Error, Sendable, CustomStringConvertible {
    public let reason: RetryReason
    public let tries: Int
    public var description: String {
        let times = tries == 1 ? "" : " (tried \(tries) times)"
        return "The mail server: \(reason.code.map { "\($0) " } ?? "")\(reason.text)\(times)"
    }
}
