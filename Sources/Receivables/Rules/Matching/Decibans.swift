/// Evidence in decibans, Turing's tenths of a power of ten: adding 10 makes a reading ten times as likely. Integers, so that a
/// confidence is the same on every machine and can be checked by hand.
enum Decibans {
    /// 10·log10 of a count, rounded; 0 for 1 and less.
    static func of(_ count: Int) -> Int {
        var rest = count
        var tens = 0
        while rest >= 10 {
            rest /= 10
            tens += 10
        }
        return tens + (rest < 1 ? 0 : [0, 0, 3, 5, 6, 7, 8, 8, 9, 10][rest])
    }

    /// 10^12 · 10^(score/10) for scores of 0 and less; 0 below -120.
    static func weight(_ score: Int) -> Int64 {
        guard score > -120 else { return 0 }
        let tenths = -score % 10
        var weight =
            [
                1_000_000_000_000, 794_328_234_724, 630_957_344_480, 501_187_233_627, 398_107_170_553, 316_227_766_017,
                251_188_643_151, 199_526_231_497, 158_489_319_246, 125_892_541_179,
            ][tenths] as Int64
        for _ in 0..<(-score / 10) { weight /= 10 }
        return weight
    }

    /// Decimal digits that carry information: 123456 has six, 50000 one. So many powers of ten lie between this amount and chance.
    static func significantDigits(of minor: Int64) -> Int {
        var rest = minor.magnitude
        guard rest > 0 else { return 0 }
        while rest % 10 == 0 { rest /= 10 }
        var digits = 0
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        return digits
    }
}
