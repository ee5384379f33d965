import Formats

/// How a file would be read, before its rows are: for a person to look at and put right.
public struct ImportPreview: Sendable, Equatable {
    public struct Column: Sendable, Equatable {
        /// As the file writes it; may be empty.
        public let heading: String
        /// What stands in its first rows, cut at 80 characters.
        public let samples: [String]
        /// The field it feeds; nil where it is left out.
        public let field: String?
    }
    public struct Field: Sendable, Equatable {
        public let name: String
        public let isRequired: Bool
        public let isDay: Bool
        public let isDecimal: Bool
        /// The same in every row, where it was said.
        public let constant: String?
    }
    public struct Problem: Sendable, Equatable {
        public let code, why, next: String
        public let row: Int?
        /// The column's heading, and our field, where it is about one.
        public let column, field: String?
    }
    public let format: String
    public let sheet: String?
    public let otherSheets: [String]
    public let columns: [Column]
    public let fields: [Field]
    /// What stops the file from being read so.
    public let problems: [Problem]
}

extension ImportDesk {
    /// The fields of a kind.
    static func fields(_ kind: String) throws -> [FieldDeclaration] {
        switch kind {
        case "sellers": SellersImport.fields
        case "customers": CustomersImport.fields
        case "products": ProductsImport.fields
        case "prices": PricesImport.fields
        case "tax-rates": TaxRatesImport.fields
        case "exchange-rates": ExchangeRatesImport.fields
        case "orders", "charges": OrdersImport.fields
        case "invoices": InvoicesImport.fields
        default: throw ImportRefusal.unknownKind(kind)
        }
    }

    /// Opens a file and says how it would be read, without reading all of it. Throws `TableProblems` for what is no table.
    public static func preview(_ kind: String, file: String, options: TableOptions) throws -> ImportPreview {
        let fields = try fields(kind)
        let table = try TableFile.open(path: file, sheet: options.sheet)
        let map = ColumnMap(
            headings: table.headings, fields: fields, maps: options.maps, constants: options.constants)
        let samples = try table.samples(3)
        var names: [Int: String] = [:]
        for (field, source) in zip(fields, map.sources) {
            if case .column(let column) = source { names[column] = field.name }
        }
        return ImportPreview(
            format: table.format.name, sheet: table.sheets?.read, otherSheets: table.sheets?.others ?? [],
            columns: table.headings.indices.map { index in
                .init(
                    heading: table.headings[index],
                    samples: samples.map { $0.indices.contains(index) ? $0[index] : "" }, field: names[index])
            },
            fields: zip(fields, map.sources).map { field, source in
                var constant: String?
                if case .constant(let text) = source { constant = text }
                return .init(
                    name: field.name, isRequired: field.required, isDay: field.kind == .day,
                    isDecimal: [.amount, .quantity, .price, .percent, .integer].contains(field.kind),
                    constant: constant)
            }, problems: map.problems.map(ImportPreview.Problem.init))
    }
}

extension ImportPreview.Problem {
    public init(_ problem: TableProblem) {
        self.init(
            code: problem.code, why: problem.why, next: problem.next, row: problem.row, column: problem.column,
            field: problem.field)
    }
}
