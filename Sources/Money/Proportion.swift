/// Amounts in proportion.
public enum Proportion {
    /// a × b / c, rounded half away from zero; 0 where c is 0.
    public static func of(_ a: Int64, _ b: Int64, _ c: Int64) -> Int64 {
        guard c != 0 else { return 0 }
        let exact = Int128(a) * Int128(b)
        let (quotient, rest) = exact.quotientAndRemainder(dividingBy: Int128(c))
        guard rest.magnitude * 2 >= Int128(c).magnitude else { return Int64(quotient) }
        return Int64(quotient + ((exact < 0) == (c < 0) ? 1 : -1))
    }
}
