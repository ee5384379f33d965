/// What stands between the cells of a separated file.
public enum TableSeparator: String, Hashable, Sendable, CaseIterable {
    case comma = ","
    case semicolon = ";"
    case tab = "\t"
    case bar = "|"

    var byte: UInt8 { rawValue.utf8.first! }
    /// In words, for messages.
    public var name: String {
        switch self {
        case .comma: "comma"
        case .semicolon: "semicolon"
        case .tab: "tab"
        case .bar: "vertical bar"
        }
    }
}

/// Finds the separator from the first records of a file.
enum SeparatorSniffer {
    /// In the order preferred among equals: a comma also stands in texts and numbers.
    private static let candidates: [TableSeparator] = [.tab, .semicolon, .bar, .comma]
    /// Records looked at.
    private static let sample = 100

    /// The separator under which most records are as wide as the headings; among equals the one that makes most columns.
    /// Comma where none occurs: a file of one column.
    static func separator(of text: UnsafeBufferPointer<UInt8>) -> TableSeparator {
        var best = TableSeparator.comma
        var bestScore = (even: 0, width: 1)
        for candidate in candidates {
            let widths = self.widths(of: text, candidate.byte)
            guard let headings = widths.first, headings > 1 else { continue }
            let matching = widths.dropFirst().count { $0 == headings }
            // In thousandths, so that a few ragged rows do not beat a much wider, slightly uneven table.
            let even = widths.count == 1 ? 1000 : matching * 1000 / (widths.count - 1)
            if (even / 100, headings) > (bestScore.even / 100, bestScore.width) || bestScore.width == 1 {
                best = candidate
                bestScore = (even, headings)
            }
        }
        return best
    }

    /// Cells in each of the first records, quotes respected; the last record is left out where the sample cuts it.
    private static func widths(of text: UnsafeBufferPointer<UInt8>, _ separator: UInt8) -> [Int] {
        var widths: [Int] = []
        var cells = 1
        var quoted = false
        var atCellStart = true
        var blank = true
        var index = 0
        while index < text.count, widths.count < sample {
            let byte = text[index]
            index += 1
            if quoted {
                if byte == UInt8(ascii: "\"") {
                    if index < text.count, text[index] == byte { index += 1 } else { quoted = false }
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\"") where atCellStart:
                quoted = true
                atCellStart = false
                blank = false
            case 9, UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: ","):
                // Quotes open after any separator, so that what is inside them is never counted.
                if byte == separator { cells += 1 }
                if byte != separator { blank = false }
                atCellStart = true
            case 10, 13:
                if byte == 13, index < text.count, text[index] == 10 { index += 1 }
                if !blank { widths.append(cells) }
                cells = 1
                atCellStart = true
                blank = true
            case 32: break
            default:
                atCellStart = false
                blank = false
            }
        }
        if index == text.count, !blank, widths.isEmpty || text.count < TableFile.sampleSize { widths.append(cells) }
        return widths
    }
}
