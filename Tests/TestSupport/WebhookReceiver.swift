import Foundation
import Host

/// A real receiver of webhooks, tools/webhook_receiver.py, as a process of its own. It ends with this one.
public final class WebhookReceiver: Sendable {
    /// A message as it arrived.
    public struct Heard: Decodable, Sendable {
        public let path, id, timestamp, type, answer, body: String
        /// Whether the signature fits the secret, as the receiver itself found; nil where it knows no secret.
        public let verified: Bool?
        /// Tells connections apart.
        public let connection: Int

        /// A text of the message's `data`.
        public func data(_ key: String) -> String? {
            let message = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
            return (message?["data"] as? [String: Any])?[key] as? String
        }
    }

    public let folder: URL
    public let url: String
    private let process = ChildProcess()
    private let input = Pipe()

    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    public init() throws {
        folder = try TestFolder.fresh("webhooks")
        // Tests/TestSupport/WebhookReceiver.swift -> tools/webhook_receiver.py
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", root.appendingPathComponent("tools/webhook_receiver.py").path, folder.path]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Unavailable(description: "tools/webhook_receiver.py ended too early") }
            line += more
        }
        let port = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        url = "http://127.0.0.1:\(port)/duly"
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// What it answers to the messages that come next; after these it answers 204.
    public func answer(_ words: String...) throws {
        try write(words.joined(separator: "\n"), "answers")
    }

    /// The secret it checks signatures against.
    public func know(_ secret: String) throws { try write(secret, "secret") }

    /// What arrived, in its order.
    public func heard() throws -> [Heard] {
        let file = folder.appendingPathComponent("heard")
        guard FileManager.default.fileExists(atPath: file.path) else { return [] }
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Heard.self, from: Data($0.utf8))
        }
    }

    private func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
}
