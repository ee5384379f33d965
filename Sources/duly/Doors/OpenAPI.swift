import Foundation
import Web

/// The description of the API (OpenAPI 3.1.0), made from the catalogue and from the routes of the site themselves.
struct OpenAPI: Sendable {
    let catalogue: Catalogue
    let routes: [Route]

    /// A value of JSON; keys are written sorted, so that the same program gives the same bytes.
    indirect enum Node: Encodable, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
        ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByIntegerLiteral
    {
        case text(String)
        case flag(Bool)
        case number(Int)
        case list([Node])
        case object([String: Node])

        init(stringLiteral value: String) { self = .text(value) }
        init(booleanLiteral value: Bool) { self = .flag(value) }
        init(integerLiteral value: Int) { self = .number(value) }
        init(arrayLiteral elements: Node...) { self = .list(elements) }
        init(dictionaryLiteral elements: (String, Node)...) {
            self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let value): try container.encode(value)
            case .flag(let value): try container.encode(value)
            case .number(let value): try container.encode(value)
            case .list(let value): try container.encode(value)
            case .object(let value): try container.encode(value)
            }
        }
    }

    var document: Node {
        var paths: [String: Node] = [:]
        for entry in catalogue.entries { paths["/api/v1/" + entry.words.joined(separator: "/")] = operation(entry) }
        for route in routes
        where route.place.first == "api" && !Self.isCommand(route) && route.place != ["api", "openapi"] {
            paths["/" + route.place.joined(separator: "/") + (route.takesName ? "/{name}" : "")] = reading(route)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Duly", "version": "1",
                "description":
                    "Everything the command line and the pages can do, with the same names, answers and refusals. Money is a decimal text with a currency beside it; days are 2026-10-31, instants 2026-10-31T09:15:00.000000Z.",
            ],
            "servers": [["url": "/"]],
            "security": [["token": []], ["session": []]],
            "paths": .object(paths),
            "components": [
                "securitySchemes": [
                    "token": [
                        "type": "http", "scheme": "bearer",
                        "description": "A token made with 'duly token create' or in Settings.",
                    ],
                    "session": [
                        "type": "apiKey", "in": "cookie", "name": "duly_session",
                        "description": "Of a browser that is signed in.",
                    ],
                ],
                "schemas": ["Refusals": Self.refusals, "Problem": Self.problem, "Answer": Self.answer],
            ],
        ]
    }

    private static func isCommand(_ route: Route) -> Bool {
        route.place.count > 1 && route.place[1] == "v1" && route.place != ["api", "v1", "events"]
    }

    private func operation(_ entry: Catalogue.Entry) -> Node {
        let methods = CommandAPI.methods(entry)
        return .object(
            Dictionary(
                methods.map { ($0.lowercased(), operation(entry, $0, suffix: $0 == methods[0] ? "" : "_with_file")) },
                uniquingKeysWith: { $1 }))
    }

    private func operation(_ entry: Catalogue.Entry, _ method: String, suffix: String) -> Node {
        var operation: [String: Node] = [
            "operationId": .text(entry.words.joined(separator: "_").replacing("-", with: "_") + suffix),
            "summary": .text(entry.abstract), "tags": [.text(entry.words[0])],
            "responses": Self.responses(of: entry),
        ]
        var headers: [Node] = []
        if method == "GET" {
            headers += entry.parameters.filter { !Catalogue.outputs.contains($0.name) && !$0.isFile }.map(Self.query)
        } else {
            operation["requestBody"] = Self.body(entry)
            if entry.takesID {
                headers.append([
                    "name": "Idempotency-Key", "in": "header", "required": false,
                    "description": "The command's id, if not in the body: the same again returns the first outcome.",
                    "schema": ["type": "string", "minLength": 1, "maxLength": 64],
                ])
            }
        }
        if Catalogue.writesFile(entry) != nil, method == "GET" {
            headers.append([
                "name": "download", "in": "query", "required": false, "description": "Answer with the file.",
                "schema": ["type": "boolean"],
            ])
        }
        headers.append([
            "name": "Prefer", "in": "header", "required": false,
            "description": "respond-async answers 202 at once, with the address of the job.",
            "schema": ["type": "string", "enum": ["respond-async"]],
        ])
        operation["parameters"] = .list(headers)
        return .object(operation)
    }

    private static func schema(_ parameter: Catalogue.Parameter) -> Node {
        var one: [String: Node] =
            parameter.isFile
            ? file
            : parameter.kind == .flag ? ["type": "boolean"] : ["type": "string"]
        if parameter.isRepeating { one = ["type": "array", "items": .object(one)] }
        if !parameter.help.isEmpty { one["description"] = .text(parameter.help) }
        if let standard = parameter.standard, parameter.kind == .option { one["default"] = .text(standard) }
        return .object(one)
    }

    /// In a form a file; in JSON its records.
    private static let file: [String: Node] = [
        "oneOf": [
            ["type": "string", "contentMediaType": "application/octet-stream"],
            [
                "type": "array",
                "items": [
                    "type": "object", "additionalProperties": ["type": ["string", "number", "boolean", "null"]],
                ],
            ],
        ]
    ]

    private static func query(_ parameter: Catalogue.Parameter) -> Node {
        [
            "name": .text(parameter.key), "in": "query", "required": .flag(!parameter.isOptional),
            "description": .text(parameter.help), "schema": schema(parameter),
        ]
    }

    private static func body(_ entry: Catalogue.Entry) -> Node {
        let output = Catalogue.writesFile(entry)?.name
        let fields = entry.parameters.filter { $0.name != output }
        func object(_ parameters: [Catalogue.Parameter]) -> Node {
            var schema: [String: Node] = [
                "type": "object", "additionalProperties": false,
                "properties": .object(
                    Dictionary(parameters.map { ($0.key, self.schema($0)) }, uniquingKeysWith: { $1 })),
            ]
            let required = parameters.filter { !$0.isOptional }.map { Node.text($0.key) }
            if !required.isEmpty { schema["required"] = .list(required) }
            return .object(schema)
        }
        let takesFile = fields.contains(where: \.isFile)
        var content: [String: Node] = [:]
        content["application/json"] = ["schema": object(fields)]
        if takesFile { content["multipart/form-data"] = ["schema": object(fields)] }
        return ["required": .flag(fields.contains { !$0.isOptional }), "content": .object(content)]
    }

    private static func responses(of entry: Catalogue.Entry) -> Node {
        var done: [String: Node] = ["application/json": ["schema": ["$ref": "#/components/schemas/Answer"]]]
        if Catalogue.writesFile(entry) != nil {
            for type in [
                "text/csv", "application/pdf", "application/jsonl", "application/octet-stream", "application/xml",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ] {
                done[type] = ["schema": .object([:])]
            }
        }
        if entry.parameter("csv") != nil { done["text/csv"] = ["schema": ["type": "string"]] }
        return .object(
            failures.merging([
                "200": ["description": .text("As 'duly \(entry.name) --json' answers."), "content": .object(done)],
                "202": [
                    "description":
                        "Under way: the address in Location tells how far, then gives the answer. Or nothing was done, and a second person decides: 'waits' says what is asked, Location where it is decided.",
                    "headers": [
                        "Location": ["schema": ["type": "string"], "description": "Of the job, or of the approval."]
                    ],
                    "content": ["application/json": ["schema": ["$ref": "#/components/schemas/Answer"]]],
                ],
            ]) { $1 })
    }

    private func reading(_ route: Route) -> Node {
        var parameters: [Node] = [
            ["name": "seller", "in": "query", "required": false, "schema": ["type": "string"]],
            ["name": "lang", "in": "query", "required": false, "schema": ["type": "string", "enum": ["en", "de"]]],
        ]
        if route.takesName {
            parameters.append([
                "name": "name", "in": "path", "required": true, "description": "A number, percent-encoded.",
                "schema": ["type": "string", "minLength": 1],
            ])
        }
        if route.place.last == "search" {
            parameters.append(["name": "q", "in": "query", "required": false, "schema": ["type": "string"]])
        }
        let words = route.place.dropFirst()
        return .object(
            Dictionary(
                route.methods.filter { $0 != "HEAD" }.map { method in
                    (
                        method.lowercased(),
                        .object([
                            "operationId": .text(
                                (["read"] + words).joined(separator: "_").replacing("-", with: "_")
                                    + (route.takesName ? "_one" : "")),
                            "summary": .text("What the page /\(words.joined(separator: "/")) shows."),
                            "tags": ["pages"],
                            "parameters": .list(parameters),
                            "responses": .object(
                                Self.failures.merging([
                                    "200": [
                                        "description": "The figures of the page.",
                                        "content": [
                                            "application/json": ["schema": ["$ref": "#/components/schemas/Answer"]],
                                            "application/pdf": ["schema": .object([:])],
                                            "text/csv": ["schema": .object([:])],
                                        ],
                                    ]
                                ]) { $1 }),
                        ])
                    )
                }, uniquingKeysWith: { $1 }))
    }

    private static func failure(_ what: String, _ schema: String = "Refusals") -> Node {
        [
            "description": .text(what),
            "content": ["application/json": ["schema": .object(["$ref": .text("#/components/schemas/\(schema)")])]],
        ]
    }

    private static let failures: [String: Node] = [
        "400": failure("The request was not understood.", "Problem"),
        "401": failure("Nobody is signed in."),
        "403": failure("The role or the token does not include it."),
        "404": failure("There is no such thing."),
        "409": failure("A choice is missing."),
        "412": failure("Somebody changed it meanwhile."),
        "413": failure("The request is too large."),
        "415": failure("The type of the body is not understood."),
        "422": failure("Refused: what did not happen, why, what to do next."),
        "429": [
            "description": "More requests came than are answered in a second.",
            "headers": ["Retry-After": ["schema": ["type": "integer"], "description": "Seconds."]],
            "content": ["application/json": ["schema": ["$ref": "#/components/schemas/Refusals"]]],
        ],
        "500": failure("A mistake of the program.", "Problem"),
        "503": failure("The books cannot be reached just now.", "Problem"),
    ]

    private static let refusals: Node = [
        "type": "object", "required": ["refusals"],
        "properties": [
            "refusals": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["code", "why", "next"],
                    "properties": [
                        "code": ["type": "string"], "what": ["type": "string"], "why": ["type": "string"],
                        "next": ["type": "string"], "file": ["type": "string"], "row": ["type": "integer"],
                        "field": ["type": "string"],
                    ],
                ],
            ]
        ],
    ]
    private static let problem: Node = [
        "anyOf": [
            ["$ref": "#/components/schemas/Refusals"],
            [
                "type": "object", "required": ["error"],
                "properties": [
                    "error": [
                        "type": "object", "required": ["kind", "message"],
                        "properties": [
                            "kind": ["type": "string", "enum": ["usage", "outage", "bug"]],
                            "message": ["type": "string"],
                        ],
                    ]
                ],
            ],
        ]
    ]
    private static let answer: Node = ["type": ["object", "array"]]
}
