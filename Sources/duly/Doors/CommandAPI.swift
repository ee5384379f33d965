import Foundation
import Ledger
import Synchronization
import Web

/// The JSON API: every command and query of the catalogue under `/api/v1/NOUN/VERB`, with the names, the answers and the refusals of
/// the command line. Queries are read with GET, commands are sent with POST.
struct CommandAPI: Sendable {
    let desk: CommandDesk
    let limiter: RateLimiter
    let jobs: Jobs

    var routes: [Route] {
        desk.catalogue.entries.map { entry in
            Route(["api", "v1"] + entry.words, methods: Self.methods(entry)) { try await answer($0, entry) }
        }
    }

    /// A query that takes a file is sent like a command; where it can do without, it may be read, too.
    static func methods(_ entry: Catalogue.Entry) -> [String] {
        if entry.isCommand || entry.parameters.contains(where: { $0.isFile && !$0.isOptional }) { return ["POST"] }
        return entry.parameters.contains(where: \.isFile) ? ["GET", "POST"] : ["GET"]
    }

    private func answer(_ request: WebRequest, _ entry: Catalogue.Entry) async throws -> WebResponse {
        let entry = try desk.entry(entry.words, for: request.session)
        var input = try CommandInput(request, pathLength: entry.words.count + 2)
        if let key = request.header("idempotency-key"), entry.takesID {
            guard input.fields.first(where: { $0.key == "id" }).map({ $0.value == key }) ?? true else {
                throw WebProblem.twoIDs
            }
            input.fields.removeAll { $0.key == "id" }
            input.fields.append(("id", key))
        }
        let (run, session) = (try desk.run(entry, input), request.session)
        if entry.isCommand {
            try await Unchanged(desk: desk).check(run, seen: request.header("if-match"), as: session)
        }
        return try await answering(request, entry.name) {
            let outcome = try await desk.carryOut(run, as: session, json: true, progress: Jobs.progress)
            return try Self.response(outcome, of: run)
        }
    }

    static func response(_ outcome: CommandRun.Outcome, of run: CommandRun) throws -> WebResponse {
        switch outcome {
        case .answered(let output, _, let files, let wholly):
            if files.count == 1, files[0].name.isEmpty {
                let name = CommandFile.name(of: run)
                return .file(Array(files[0].bytes), type: CommandFile.type(of: name), name: name, attached: true)
            }
            guard files.isEmpty || files[0].name.hasSuffix(".rejected.csv") else {
                return try .json(FileAnswer(files: files.map(FileAnswer.File.init)))
            }
            let isCSV = run.values["csv"] == ["true"]
            // What was refused as a whole is said like any refusal; what was held back in part is an answer.
            let refused = !wholly && run.entry.isCommand && Self.isRefusal(output, run)
            return WebResponse(
                status: refused ? 422 : 200, type: isCSV ? "text/csv; charset=utf-8" : "application/json",
                headers: wholly ? [] : [("Duly-Complete", "false")], body: output)
        case .refused(let refusals):
            return try .json(["refusals": refusals], status: 422)
        case .waits(let approval):
            var response = try WebResponse.json(["waits": approval], status: 202)
            response.headers.append(("Location", Link("/approvals", fragment: approval.approval).text))
            return response
        case .usage(let message):
            return try .json(["error": ["kind": "usage", "message": message]], status: 400)
        case .outage(let message):
            return try .json(["error": ["kind": "outage", "message": message]], status: 503)
        case .bug(let message):
            Answer.say("bug: \(run.entry.name): \(message)")
            return try .json(
                [
                    "error": [
                        "kind": "bug", "message": "The program made a mistake. It is written in the server's log.",
                    ]
                ],
                status: 500)
        }
    }

    private struct Refusing: Decodable {
        struct One: Decodable {}
        let refusals: [One]?
    }
    private static func isRefusal(_ output: [UInt8], _ run: CommandRun) -> Bool {
        guard run.values["keep-good"] != ["true"] else { return false }
        return (try? JSONDecoder().decode(Refusing.self, from: Data(output)))?.refusals?.isEmpty == false
    }
}

/// Several files as one answer.
private struct FileAnswer: Encodable {
    struct File: Encodable {
        let name: String
        let bytes: Int
        /// RFC 4648.
        let base64: String
        init(_ file: CommandRun.Written) {
            (name, bytes, base64) = (file.name, file.bytes.count, file.bytes.base64EncodedString())
        }
    }
    let files: [File]
}

/// How a file that a command wrote is called and of which type it is.
enum CommandFile {
    static func name(of run: CommandRun) -> String {
        let words = run.entry.words + (run.values["kind"] ?? []) + (run.values["name"] ?? [])
        let ending: String =
            switch run.entry.name {
            case "backup": "duly"
            case "audit export": "jsonl"
            case "cash export-allocations": "csv"
            case "post print": "pdf"
            default: run.values["format"]?.first ?? "csv"
            }
        let plain = words.joined(separator: "-").map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" }
        return "\(String(plain)).\(ending)"
    }

    static func type(of name: String) -> String {
        switch name.split(separator: ".").last.map(String.init) ?? "" {
        case "csv": "text/csv; charset=utf-8"
        case "json": "application/json"
        case "jsonl": "application/jsonl"
        case "pdf": "application/pdf"
        case "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case "xml": "application/xml"
        default: "application/octet-stream"
        }
    }
}

/// So many requests a second for each who asks, with a reserve for bursts: a bucket that fills while nobody asks.
final class RateLimiter: Sendable {
    /// A second.
    let rate: Int
    let burst: Int
    private struct Bucket {
        var left: Double
        var at: ContinuousClock.Instant
    }
    private let buckets = Mutex<[String: Bucket]>([:])

    /// A rate of 0 limits nothing.
    init(rate: Int) {
        self.rate = rate
        burst = rate * 5
    }

    struct Verdict: Sendable {
        let allowed: Bool
        /// Requests left in the reserve.
        let left: Int
        /// Seconds until one more is there.
        let wait: Int
    }

    func ask(_ who: String, at now: ContinuousClock.Instant = .now) -> Verdict {
        guard rate > 0 else { return Verdict(allowed: true, left: Int.max, wait: 0) }
        return buckets.withLock { buckets in
            if buckets.count > 10_000 { buckets = buckets.filter { now - $0.value.at < .seconds(60) } }
            var bucket = buckets[who] ?? Bucket(left: Double(burst), at: now)
            let passed = (now - bucket.at) / .seconds(1)
            bucket.left = min(Double(burst), bucket.left + passed * Double(rate))
            bucket.at = now
            let allowed = bucket.left >= 1
            if allowed { bucket.left -= 1 }
            buckets[who] = bucket
            return Verdict(allowed: allowed, left: Int(bucket.left), wait: allowed ? 0 : 1)
        }
    }
}

extension WebProblem {
    static let twoIDs = WebProblem(
        status: 400, code: "api.two-ids", what: "Nothing was done.",
        why: "The header Idempotency-Key and the field id name different commands.", next: "Send one of them.",
        field: "id")
    static func tooMany(_ wait: Int) -> WebProblem {
        WebProblem(
            status: 429, code: "api.too-many-requests", what: "The request was not answered.",
            why: "More requests came than are answered in a second.", next: "Ask again after \(wait) s.")
    }
}
