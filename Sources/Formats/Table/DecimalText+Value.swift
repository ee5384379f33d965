import Money

extension DecimalText {
    /// The value with `places` decimals under a column's style.
    func value(_ style: DecimalStyle, places: Int) throws(DecimalFault) -> Int64 {
        // Digits and at most a point, under the point style, are what the exact parser reads itself.
        var clean = !dashedDecimals
        for index in from..<to where clean {
            let byte = text[index]
            clean = (byte >= 48 && byte <= 57) || (byte == 46 && style == .point)
        }
        let magnitude: Int64
        if clean {
            magnitude = try Self.exact(UnsafeBufferPointer(rebasing: text[from..<to]), places)
        } else {
            magnitude = try ungrouped(style, places: places)
        }
        return negative ? -magnitude : magnitude
    }

    private static func exact(_ digits: UnsafeBufferPointer<UInt8>, _ places: Int) throws(DecimalFault) -> Int64 {
        do {
            return try FixedPoint.parse(bytes: digits, decimals: places)
        } catch let problem as DecimalProblem {
            throw .limits(problem)
        } catch {
            throw .notANumber
        }
    }

    /// Takes the grouping out and checks it: one kind of mark, groups of three (or, the Indian way, of two before the last three).
    private func ungrouped(_ style: DecimalStyle, places: Int) throws(DecimalFault) -> Int64 {
        var digits: [UInt8] = []
        digits.reserveCapacity(to - from)
        var groupMark: UInt32 = 0
        var run = 0
        var decimals = false
        var index = from
        while index < to {
            let byte = text[index]
            if byte >= 48, byte <= 57 {
                digits.append(byte)
                run += 1
                index += 1
            } else if byte == style.mark {
                guard !decimals, groupMark == 0 || run == 3 else { throw .grouping }
                decimals = true
                digits.append(UInt8(ascii: "."))
                index += 1
            } else {
                guard let (mark, length) = groupingMark(at: index, style) else {
                    throw byte | 0x20 == UInt8(ascii: "e") ? .exponent : .notANumber
                }
                guard !decimals, groupMark == 0 ? (1...3).contains(run) : mark == groupMark && (run == 3 || run == 2)
                else { throw .grouping }
                groupMark = mark
                run = 0
                index += length
            }
        }
        guard decimals || groupMark == 0 || run == 3 else { throw .grouping }
        return try digits.withUnsafeBufferPointer { buffer -> Result<Int64, DecimalFault> in
            do throws(DecimalFault) { return .success(try Self.exact(buffer, places)) } catch { return .failure(error) }
        }.get()
    }

    private func groupingMark(at index: Int, _ style: DecimalStyle) -> (UInt32, Int)? {
        let byte = text[index]
        if byte == style.grouping || byte == 32 || byte == UInt8(ascii: "'") { return (UInt32(byte), 1) }
        let rest = text[index..<to]
        if byte == 0xC2, rest.starts(with: "\u{A0}".utf8) { return (0xA0, 2) }
        if byte == 0xE2 {
            if rest.starts(with: "\u{2019}".utf8) { return (0x27, 3) }
            if rest.starts(with: "\u{202F}".utf8) || rest.starts(with: "\u{2009}".utf8) { return (0x202F, 3) }
        }
        return nil
    }

    /// The value of a JSON number, whose exponent (if any) is exact.
    static func json(_ text: UnsafeBufferPointer<UInt8>, places: Int) throws(DecimalFault) -> Int64 {
        guard let e = text.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return try exact(text, places) }
        guard let exponent = Int(String(decoding: text[(e + 1)...], as: UTF8.self)), abs(exponent) <= 40 else {
            throw .limits(.tooLarge)
        }
        var digits: [UInt8] = []
        var point = -1
        for byte in text[..<e] where byte != 45 {
            if byte == 46 { point = digits.count } else { digits.append(byte) }
        }
        point = (point < 0 ? digits.count : point) + exponent
        if point < 0 { digits.insert(contentsOf: repeatElement(48, count: -point), at: 0) }
        if point > digits.count { digits.append(contentsOf: repeatElement(48, count: point - digits.count)) }
        digits.insert(46, at: max(point, 0))
        if text[0] == 45 { digits.insert(45, at: 0) }
        return try digits.withUnsafeBufferPointer { buffer -> Result<Int64, DecimalFault> in
            do throws(DecimalFault) { return .success(try exact(buffer, places)) } catch { return .failure(error) }
        }.get()
    }
}
