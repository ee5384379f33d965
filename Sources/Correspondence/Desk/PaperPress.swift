import Foundation

/// Renders on all cores: a lane for each, every lane on a thread with fonts of its own.
enum PaperPress {
    static var lanes: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    /// The results in the order of the inputs. The first error ends it.
    static func each<Input: Sendable, Output: Sendable>(
        _ inputs: [Input], _ work: @escaping @Sendable (Input) throws -> Output
    ) async throws -> [Output] {
        let lanes = min(lanes, inputs.count)
        guard lanes > 1 else { return try inputs.map(work) }
        return try await withThrowingTaskGroup(of: [(Int, Output)].self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    try stride(from: lane, to: inputs.count, by: lanes).map { index in
                        try Task.checkCancellation()
                        return (index, try work(inputs[index]))
                    }
                }
            }
            var outputs: [Output?] = Array(repeating: nil, count: inputs.count)
            for try await part in group { for (index, output) in part { outputs[index] = output } }
            return outputs.compactMap(\.self)
        }
    }
}

/// Names of files made from numbers, and their check sums.
public enum PaperFiles {
    /// Characters outside A-Z a-z 0-9 . _ - become _; a name that would be hidden or climb out of its folder does not begin
    /// with a dot.
    public static func name(_ number: String) -> String {
        var name = String(
            number.unicodeScalars.map { scalar in
                switch scalar {
                case "A"..."Z", "a"..."z", "0"..."9", ".", "_", "-": Character(scalar)
                default: "_"
                }
            })
        if name.first == "." { name = "_" + name.dropFirst() }
        return name.isEmpty ? "_" : name
    }

    /// A field of a CSV file: quoted where it holds a comma, a quote or a line end.
    static func field(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }

    static func table(_ headings: String, _ rows: [[String]]) -> String {
        headings + "\n" + rows.map { $0.map(field).joined(separator: ",") + "\n" }.joined()
    }

    /// SHA-256 in hexadecimal digits, from the books' own writing of it (base64url).
    static func hexadecimal(_ hash: String) -> String {
        let plain = hash.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/") + "="
        let digits = Array("0123456789abcdef")
        return String((Data(base64Encoded: plain) ?? Data()).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    static func write(_ bytes: [UInt8], _ name: String, in folder: String) throws {
        let file = URL(fileURLWithPath: folder).appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file, options: .atomic)
    }
}
