import Foundation
import Formats
import Money

/// The public sample files and the facts that stand beside them. Read in place, never copied.
enum SampleFacts {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/samples/bank")

    /// File names with their facts; empty, with a word about it, where the samples are not there.
    static func all(_ format: String) -> [(name: String, path: String, facts: [String: Any])] {
        let place = folder.appending(path: format)
        guard let data = try? Data(contentsOf: place.appending(path: "expected.json")),
            let facts = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else {
            print("no samples of \(format) beside the project: nothing compared")
            return []
        }
        return facts.sorted { $0.key < $1.key }.map {
            ($0, place.appending(path: $0).path, $1 as? [String: Any] ?? [:])
        }
    }

    static func statements(_ facts: [String: Any]) -> [[String: Any]] { facts["statements"] as? [[String: Any]] ?? [] }
    static func money(_ facts: [String: Any], _ key: String, _ currency: Currency) -> Money? {
        (facts[key] as? String).flatMap { try? Money($0, currency) }
    }
    static func squeezed(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    static func withoutBlanks(_ text: String?) -> String? { text?.filter { !$0.isWhitespace } }

    /// What is refused only because the books keep no such currency (that of Germany before the euro, say).
    static func isOnlyCurrency(_ problems: BankFileProblems) -> Bool {
        problems.problems.allSatisfy {
            $0.kind == .currency && $0.value.map { Currency($0) == nil && $0.count == 3 } == true
        }
    }
}
