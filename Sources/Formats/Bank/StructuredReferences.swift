/// References with check digits, found in what a payer wrote: ISO 11649, the Swiss QR reference, the Belgian communication.
enum StructuredReferences {
    /// The first one found, without blanks and marks; nil where none checks.
    static func find(in text: String) -> String? {
        var text = text
        return text.withUTF8 { bytes in creditor(bytes) ?? digits(bytes) }
    }

    /// As it is stored: blanks taken out of a reference that has valid check digits, any other left as it was written.
    static func tidy(_ written: String) -> String {
        guard written.utf8.contains(32) else { return written }
        let compact = written.utf8.filter { $0 > 32 }
        let upper = compact.map { (97...122).contains($0) ? $0 - 32 : $0 }
        let text = String(decoding: upper, as: UTF8.self)
        if isCreditor(upper[...]) || isQRR(upper[...]) { return text }
        return written
    }

    // MARK: ISO 11649: RF, two check digits, up to 21 letters and digits

    private static func creditor(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        var index = 0
        while index + 4 < bytes.count {
            defer { index += 1 }
            guard bytes[index] | 32 == UInt8(ascii: "r"), bytes[index + 1] | 32 == UInt8(ascii: "f"),
                isDigit(bytes[index + 2]), isDigit(bytes[index + 3]), index == 0 || !isLetterOrDigit(bytes[index - 1])
            else { continue }
            if let found = creditor(from: index, bytes) { return found }
        }
        return nil
    }

    /// The longest that checks, of those that end where a word ends; blanks may stand inside, as it is printed in groups of four.
    private static func creditor(from start: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        var compact: [UInt8] = []
        var best: [UInt8]?
        var position = start
        var group = 0
        while position < bytes.count, compact.count < 26 {
            let byte = bytes[position]
            if isLetterOrDigit(byte) {
                compact.append((97...122).contains(byte) ? byte - 32 : byte)
                group += 1
            } else {
                if isCreditor(compact[...]) { best = compact }
                // Only groups of four go on behind a blank; a whole word that checks is taken as it is.
                guard byte == 32, group == 4, position + 1 < bytes.count else { break }
                group = 0
            }
            position += 1
        }
        if position == bytes.count, isCreditor(compact[...]) { best = compact }
        return best.map { String(decoding: $0, as: UTF8.self) }
    }

    static func isCreditor(_ text: ArraySlice<UInt8>) -> Bool {
        guard (5...25).contains(text.count), text.starts(with: [82, 70]),
            text.dropFirst(2).prefix(2).allSatisfy(isDigit),
            text.allSatisfy(isLetterOrDigit)
        else { return false }
        return remainder97(text.dropFirst(4) + text.prefix(4)) == 1
    }

    /// Remainder by 97 with A to Z read as 10 to 35.
    static func remainder97(_ text: some Sequence<UInt8>) -> Int {
        text.reduce(0) { rest, byte in
            byte < 58 ? (rest * 10 + Int(byte) - 48) % 97 : (rest * 100 + Int(byte) - 55) % 97
        }
    }

    // MARK: Digits only

    /// Groups of digits with single blanks or slashes between: some neighbours that make a QR reference, or `+++123/1234/12345+++`.
    private static func digits(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        var index = 0
        while index < bytes.count {
            guard isDigit(bytes[index]) else {
                index += 1
                continue
            }
            let start = index
            // Most runs are too short for any of these; they cost nothing more than this.
            let length = runLength(bytes, from: start)
            guard length.digits >= 12 else {
                index = length.end
                continue
            }
            var groups: [[UInt8]] = [[]]
            var slashes = false
            while index < bytes.count {
                if isDigit(bytes[index]) {
                    groups[groups.count - 1].append(bytes[index])
                } else if bytes[index] == 32 || bytes[index] == UInt8(ascii: "/"), index + 1 < bytes.count,
                    isDigit(bytes[index + 1])
                {
                    slashes = slashes || bytes[index] != 32
                    groups.append([])
                } else {
                    break
                }
                index += 1
            }
            if !slashes, let reference = qrr(groups) { return reference }
            let enclosed =
                start >= 3 && index + 2 < bytes.count && bytes[start - 1] == bytes[index]
                && (bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "*"))
            if enclosed, isBelgian(Array(groups.joined())) { return String(decoding: groups.joined(), as: UTF8.self) }
        }
        return nil
    }

    private static func runLength(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (digits: Int, end: Int) {
        var index = start
        var digits = 0
        while index < bytes.count {
            if isDigit(bytes[index]) {
                digits += 1
            } else if bytes[index] != 32 && bytes[index] != UInt8(ascii: "/") || index + 1 == bytes.count
                || !isDigit(bytes[index + 1])
            {
                break
            }
            index += 1
        }
        return (digits, index)
    }

    private static func qrr(_ groups: [[UInt8]]) -> String? {
        guard groups.reduce(0, { $0 + $1.count }) >= 27 else { return nil }
        for first in groups.indices {
            var run: [UInt8] = []
            for group in groups[first...] where run.count < 27 { run += group }
            if isQRR(run[...]) { return String(decoding: run, as: UTF8.self) }
        }
        return nil
    }

    /// 27 digits, the last a check digit by recursive modulo 10; not all zero.
    static func isQRR(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count == 27, text.allSatisfy(isDigit), text.contains(where: { $0 != 48 }) else { return false }
        let table = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5]
        let carry = text.dropLast().reduce(0) { table[($0 + Int($1) - 48) % 10] }
        return (10 - carry) % 10 == Int(text.last!) - 48
    }

    /// Ten digits and their remainder by 97 (97 for 0).
    static func isBelgian(_ run: [UInt8]) -> Bool {
        guard run.count == 12 else { return false }
        let number = run.prefix(10).reduce(0) { ($0 * 10 + Int($1) - 48) % 97 }
        let check = Int(run[10] - 48) * 10 + Int(run[11] - 48)
        return check == (number == 0 ? 97 : number)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 32 >= 97 && byte | 32 <= 122 && byte >= 65)
    }
}
