import Foundation
import Host

/// Runs the reader's side of PDF (poppler-utils) over bytes.
enum PDFTools {
    static func run(_ tool: String, _ arguments: [String] = [], on pdf: [UInt8], after: [String] = []) throws -> String
    {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("duly-\(UUID().uuidString).pdf")
        try Data(pdf).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [tool] + arguments + [file.path] + after
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    /// The text in reading order, page by page.
    static func pages(of pdf: [UInt8]) throws -> [String] {
        let text = try run("pdftotext", ["-layout"], on: pdf, after: ["-"])
        return text.split(separator: "\u{0C}", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    /// Left and right edge of every word, points, with the word.
    static func words(in pdf: [UInt8]) throws -> [(left: Double, right: Double, text: String)] {
        try run("pdftotext", ["-bbox"], on: pdf, after: ["-"]).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\"")
            guard parts.count == 9, let left = Double(parts[1]), let right = Double(parts[5]) else { return nil }
            return (left, right, String(parts[8].dropFirst().prefix { $0 != "<" }))
        }
    }
}
