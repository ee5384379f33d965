import ArgumentParser
import Books
import CorrespondenceDesk
import Database
import Dispatch
import Foundation
import Ledger
import Mail
import Money
import Web
import Workspace

/// `duly serve`: the pages, and the background jobs with them.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Serve the workspace: pages and their JSON. Delivers webhooks, and where DULY_SMTP_URL is set the letters of the outbox."
    )
    @OptionGroup var common: Common
    @Option(help: "Port; 0 takes a free one.") var port = 8080
    @Option(help: "Address to listen at.") var host = "127.0.0.1"
    @OptionGroup var door: DoorOptions
    @Option(help: "Requests a second that one user or token may make of the API; 0 is any number.") var rate = 500
    @Flag(help: "A line per request on standard error.") var log = false

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port takes 0 to 65535.") }
    }

    func run() async throws {
        let mailServer = try MailServer.settings()
        // Connections read them when they open: the books are opened afterwards.
        await TableStatistics.renew(try await common.open())
        let database = try await common.open()
        _ = try common.day()
        let clock = try await DemoClock(database)
        let source = WorkspaceBooks(
            database: database, url: common.url, day: clock.over(Self.clock(common)), clock: clock)
        let gate = try await door.gate(common, database, host: host)
        var site = DulySite.site(source, gate: gate, rate: rate)
        site.hosts = door.hosts
        site.report = { Answer.say("bug: \($0)") }
        let (host, json) = (host, common.json)
        let line: (@Sendable (String) -> Void)? = log ? { @Sendable text in Answer.say(text) } : nil
        let server = WebServer(site: site, host: host, port: port, log: line)
        let jobs = BackgroundJobs(database, mailServer, vault: { try common.vault() })
        await source.prepare()
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await jobs.work() }
                group.addTask { await source.keepReady() }
                group.addTask { await source.jobs.work() }
                group.addTask { await source.clock.follow(database) }
                group.addTask { await gate.notes.keepWriting(to: gate.desk) }
                try await server.run(ready: { port in
                    Serve.announce(host, port, json: json)
                    await gate.announceSetUp()
                })
                group.cancelAll()
            }
        } catch let problem as WebServerProblem {
            throw Outage(message: "\(problem.host):\(problem.port) cannot be served: \(problem.why)")
        }
    }

    /// The business day: as said once, else today in the seller's time zone, whatever day it is by then.
    private static func clock(_ common: Common) -> @Sendable (String) -> Day {
        { zone in
            do { return try common.dayHere(in: zone.isEmpty ? nil : zone) } catch {
                preconditionFailure("the day was read before: \(error)")
            }
        }
    }

    /// Said at once, also where standard output is a pipe: whoever started the server waits for it.
    private static func announce(_ host: String, _ port: Int, json: Bool) {
        let url = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)/"
        let line = json ? (try? Answer.encode(["url": url, "port": "\(port)"])) ?? "{}" : "Serving \(url)"
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
        if !json { Answer.say("Ctrl-C stops it.") }
    }
}

/// `duly worker`: the background jobs alone.
struct Worker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Seal what was recorded, deliver webhooks, and send the letters of the outbox as they come, where DULY_SMTP_URL is set. On PostgreSQL, as many workers as wanted."
    )
    @OptionGroup var common: Common
    @Flag(help: "Seal and send what is due now, and end.") var once = false

    func run() async throws {
        let (mailServer, common) = (try MailServer.settings(), common)
        let jobs = BackgroundJobs(try await common.open(), mailServer, vault: { try common.vault() })
        if once {
            // A single pass is asked for to send; the sealing alone has a command of its own.
            if mailServer == nil {
                guard try await jobs.hasWebhooks() else { throw MailServer.Refused.notSet }
            }
            return try await jobs.once()
        }
        let letters =
            mailServer.map { "sending letters by \($0.host):\($0.port)" }
            ?? "sending no letters (DULY_SMTP_URL is not set)"
        Answer.say("Sealing, delivering webhooks, \(letters); Ctrl-C stops it.")
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await jobs.work() }
            await StopSignal.wait()
            group.cancelAll()
        }
    }
}

/// The mail server, from the environment.
enum MailServer {
    enum Refused: Refusal {
        case notSet
        case unusable(String)
        var code: String {
            switch self {
            case .notSet: "mail.no-server"
            case .unusable: "mail.bad-server"
            }
        }
        var what: String { "No mail was sent." }
        var why: String {
            switch self {
            case .notSet: "No mail server is named."
            case .unusable(let why): "DULY_SMTP_URL cannot be used: \(why)"
            }
        }
        var next: String { "Set DULY_SMTP_URL, such as smtp://user@mail.example:587, with DULY_SMTP_PASSWORD_FILE." }
    }

    /// nil where DULY_SMTP_URL is not set.
    static func settings() throws -> SMTPSettings? {
        let environment = ProcessInfo.processInfo.environment
        guard let url = environment["DULY_SMTP_URL"], !url.isEmpty else { return nil }
        do { return try SMTPSettings(url, environment: environment) } catch { throw Refused.unusable("\(error)") }
    }

    static func required() throws -> SMTPSettings {
        guard let settings = try settings() else { throw Refused.notSet }
        return settings
    }
}

/// What goes on behind the pages: what was recorded is sealed, webhooks are served, and letters are sent where there is a mail
/// server. One lane of letters for each seller; a seller that comes later gets one, too.
struct BackgroundJobs: Sendable {
    private let database: any Database
    private let server: SMTPSettings?
    private let desk: CorrespondenceDesk
    private let webhooks: WebhookWorker

    init(_ database: any Database, _ server: SMTPSettings?, vault: @escaping @Sendable () throws -> Vault) {
        self.database = database
        self.server = server
        desk = CorrespondenceDesk(database, clock: Common.clock, chance: Common.chance)
        webhooks = WebhookWorker(database, vault: vault, clock: Common.clock, chance: Common.chance())
    }

    func hasWebhooks() async throws -> Bool {
        try await database.read { try !$0.query("SELECT 1 FROM webhooks LIMIT 1", []).isEmpty }
    }

    /// Until the task is cancelled; a letter under way is finished first.
    func work() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await seal() }
            group.addTask { await webhooks.work() }
            var known: Set<Int64> = []
            while let server, !Task.isCancelled {
                do {
                    for (book, seller) in try await sellers() where known.insert(book).inserted {
                        group.addTask { await lane(book, seller, server) }
                    }
                } catch { Answer.say("worker: \(error)") }
                guard (try? await Task.sleep(for: .seconds(30))) != nil else { break }
            }
            if server != nil { group.cancelAll() }
        }
    }

    /// Seals what was recorded and sends what is due now.
    func once() async throws {
        try await Sealer(database, clock: Common.clock).seal()
        let events = try await webhooks.once()
        if try await hasWebhooks() { Answer.say("\(events) events delivered to webhooks.") }
        guard let server else { return }
        for (book, seller) in try await sellers() {
            let worker = OutboxWorker(desk, book: book, server: server)
            try await worker.start()
            let outcome = try await worker.deliver(patience: .tries(3, pause: .seconds(5)))
            if let problem = outcome.problem { Answer.say("\(problem.code): \(problem.what) \(problem.why)") }
            Answer.say(
                "\(seller): \(outcome.sent) sent, \(outcome.refused) refused, \(outcome.uncertain) uncertain, "
                    + "\(outcome.waiting) put off.")
        }
    }

    /// A lane that fell over rises again: neither an outage nor a bug of one may stop the others.
    private func lane(_ book: Int64, _ seller: String, _ server: SMTPSettings) async {
        while !Task.isCancelled {
            do {
                try await OutboxWorker(desk, book: book, server: server).work()
            } catch is CancellationError {
                return
            } catch { Answer.say("worker of \(seller): \(error)") }
            guard (try? await Task.sleep(for: .seconds(20))) != nil else { return }
        }
    }

    /// The lane of the sealer: a pass every few seconds, so that what is sealed together is worth a batch.
    private func seal() async {
        let sealer = Sealer(database, clock: Common.clock)
        var hasGathered = false
        while !Task.isCancelled {
            do {
                if !hasGathered { try await sealer.gather() }
                hasGathered = true
                try await sealer.seal()
            } catch is CancellationError {
                return
            } catch { Answer.say("sealer: \(error)") }
            guard (try? await Task.sleep(for: .seconds(5))) != nil else { return }
        }
    }

    private func sellers() async throws -> [(Int64, String)] {
        try await database.read { transaction in
            try transaction.query("SELECT book, code FROM sellers ORDER BY code", []).map {
                (try $0.int(0), try $0.text(1))
            }
        }
    }
}

/// SIGTERM or SIGINT, as a moment one can wait for.
enum StopSignal {
    static func wait() async {
        let sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for await _ in AsyncStream(
            Void.self,
            { stream in
                for source in sources {
                    source.setEventHandler { stream.finish() }
                    source.resume()
                }
            })
        {}
        for source in sources { source.cancel() }
    }
}
