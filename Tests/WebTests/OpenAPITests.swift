import Ledger
import Testing
import Web

@Suite struct OpenAPITests {
  private let document = OpenAPIDocument.json(
    [
      .get(
        "/beds/{id}", "One place", query: [Field("id", .uuid), Field("stay", .uuid)],
        answer: .json(.object([Field("code")]))),
      .post("/beds/{id}/move", "Moves", fields: [Field("target", .uuid, required: true, "Where to")]),
      .get("/", "Home", access: .anyone),
    ], version: "1")

  @Test func aParameterOfThePathIsDeclaredOnceAndRequired() throws {
    let parameters = try #require(document["paths"]?["/beds/{id}"]?["get"]?["parameters"]?.array)
    #expect(
      parameters == [
        ["name": "id", "in": "path", "required": true, "schema": ["type": "string", "format": "uuid"]],
        ["name": "stay", "in": "query", "required": false, "schema": ["type": "string", "format": "uuid"]],
      ])
  }

  @Test func aFormSpeaksJSONAndUrlencoded() throws {
    let post = try #require(document["paths"]?["/beds/{id}/move"]?["post"])
    let schema: JSON = [
      "type": "object",
      "properties": ["target": ["type": "string", "format": "uuid", "description": "Where to"]],
      "required": ["target"],
    ]
    #expect(post["requestBody"]?["content"]?["application/json"]?["schema"] == schema)
    #expect(post["requestBody"]?["content"]?["application/x-www-form-urlencoded"]?["schema"] == schema)
    #expect(post["operationId"] == "post-beds-id-move")
    #expect(post["security"] == [["session": []], ["bearer": []]])
  }

  @Test func whatAnyoneMayAskNeedsNoSession() throws {
    let home = try #require(document["paths"]?["/"]?["get"])
    #expect(home["security"] == nil && home["operationId"] == "get-home" && home["parameters"] == nil)
  }
}
