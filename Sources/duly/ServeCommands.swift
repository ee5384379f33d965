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
            "Serve the workspace: pages and their JSON. Sends the letters of the outbox too, where DULY_SMTP_URL is set."
    )
    @OptionGroup var common: Common
    @Option(help: "Port; 0 takes a free one.") var port = 8080
    @Option(help: "Address to listen at.") var host = "127.0.0.1"
    @OptionGroup var door: DoorOptions
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
        let source = WorkspaceBooks(database: database, day: Self.clock(common))
        let gate = try await door.gate(common, database, host: host)
        var site = Workspace.site(source: source, access: WorkspaceAccess(gate: gate))
        gate.guardSite(&site)
        site.hosts = door.hosts
        site.report = { Answer.say("bug: \($0)") }
        let (host, json) = (host, common.json)
        let line: (@Sendable (String) -> Void)? = log ? { @Sendable text in Answer.say(text) } : nil
        let server = WebServer(site: site, host: host, port: port, log: line)
        let jobs = mailServer.map { BackgroundJobs(database, $0) }
        await source.prepare()
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                if let jobs { group.addTask { await jobs.work() } }
                group.addTask { await source.keepReady() }
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
            do { return try common.day(in: zone) } catch { preconditionFailure("the day was read before: \(error)") }
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
        abstract: "Send the letters of the outbox as they come. On PostgreSQL, as many workers as wanted.")
    @OptionGroup var common: Common
    @Flag(help: "Send what is due now, and end.") var once = false

    func run() async throws {
        guard let mailServer = try MailServer.settings() else { throw MailServer.Refused.notSet }
        let jobs = BackgroundJobs(try await common.open(), mailServer)
        if once { return try await jobs.once() }
        Answer.say("Sending letters by \(mailServer.host):\(mailServer.port); Ctrl-C stops it.")
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

/// What goes on behind the pages: letters are sent. One lane for each seller; a seller that comes later gets one, too.
struct BackgroundJobs: Sendable {
    private let database: any Database
    private let server: SMTPSettings
    private let desk: CorrespondenceDesk

    init(_ database: any Database, _ server: SMTPSettings) {
        self.database = database
        self.server = server
        desk = CorrespondenceDesk(database, clock: Common.clock, chance: Common.chance)
    }

    /// Until the task is cancelled; a letter under way is finished first.
    func work() async {
        await withTaskGroup(of: Void.self) { group in
            var known: Set<Int64> = []
            while !Task.isCancelled {
                do {
                    for (book, seller) in try await sellers() where known.insert(book).inserted {
                        group.addTask { await lane(book, seller) }
                    }
                } catch { Answer.say("worker: \(error)") }
                guard (try? await Task.sleep(for: .seconds(30))) != nil else { break }
            }
            group.cancelAll()
        }
    }

    /// Sends what is due now.
    func once() async throws {
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
    private func lane(_ book: Int64, _ seller: String) async {
        while !Task.isCancelled {
            do {
                try await OutboxWorker(desk, book: book, server: server).work()
            } catch is CancellationError {
                return
            } catch { Answer.say("worker of \(seller): \(error)") }
            guard (try? await Task.sleep(for: .seconds(20))) != nil else { return }
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
