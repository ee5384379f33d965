/// What is asked of a cell's bytes everywhere.
enum CellText {
    /// Without blanks, tabs, line ends and no-break spaces at both ends.
    static func trim(_ cell: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard let base = cell.baseAddress else { return cell }
        var from = 0
        var to = cell.count
        while from < to {
            let byte = base[from]
            if byte == 32 || (byte >= 9 && byte <= 13) {
                from &+= 1
            } else if byte == 0xC2, from &+ 1 < to, base[from &+ 1] == 0xA0 {
                from &+= 2
            } else {
                break
            }
        }
        while to > from {
            let byte = base[to &- 1]
            if byte == 32 || (byte >= 9 && byte <= 13) {
                to &-= 1
            } else if byte == 0xA0, to &- 2 >= from, base[to &- 2] == 0xC2 {
                to &-= 2
            } else {
                break
            }
        }
        return UnsafeBufferPointer(start: base + from, count: to &- from)
    }

    /// `12427.0`
    static func isWholeWithPointZero(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
        let count = cell.count
        guard count >= 3, cell[count - 1] == 48, cell[count - 2] == 46 else { return false }
        let digits = cell[0] == 45 ? 1..<(count - 2) : 0..<(count - 2)
        return !digits.isEmpty && digits.allSatisfy { cell[$0] >= 48 && cell[$0] <= 57 }
    }

    /// `1.23E+11`: digits, a mark, digits, E+, digits.
    static func isShortened(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
        guard cell.count >= 5, let e = cell.firstIndex(of: UInt8(ascii: "E")), e + 2 < cell.count, cell[e + 1] == 43,
            cell[(e + 2)...].allSatisfy({ $0 >= 48 && $0 <= 57 })
        else { return false }
        var marks = 0
        for byte in cell[..<e] {
            if byte == 46 || byte == 44 { marks += 1 } else if byte < 48 || byte > 57 { return false }
        }
        return marks <= 1 && e > 0
    }
}
