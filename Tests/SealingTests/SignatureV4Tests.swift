import Ledger
import Replication
import Testing

/// The four requests of "Examples: Signature Calculations in AWS Signature Version 4" in Amazon's S3 API Reference.
struct SignatureV4Tests {
  static let signer = SignatureV4(
    accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region: "us-east-1")

  struct Example: Sendable, CustomTestStringConvertible {
    var name: String
    var method = "GET"
    var path = "/"
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var payload = ""
    var names: String
    var signature: String

    var testDescription: String { name }
  }

  static let examples = [
    Example(
      name: "GET Object", path: "/test.txt", headers: [("Range", "bytes=0-9")],
      names: "host;range;x-amz-content-sha256;x-amz-date",
      signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
    Example(
      name: "PUT Object", method: "PUT", path: "/test$file.text",
      headers: [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
      payload: "Welcome to Amazon S3.", names: "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
      signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
    Example(
      name: "GET Bucket Lifecycle", query: [("lifecycle", "")], names: "host;x-amz-content-sha256;x-amz-date",
      signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
    Example(
      name: "GET Bucket (List Objects)", query: [("prefix", "J"), ("max-keys", "2")],
      names: "host;x-amz-content-sha256;x-amz-date",
      signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
  ]

  @Test(arguments: examples)
  func published(example: Example) throws {
    let instant = try #require(Instant("2013-05-24T00:00:00.000Z"))
    let hash = SignatureV4.payloadHash(Array(example.payload.utf8))
    let headers =
      example.headers + [
        ("Host", "examplebucket.s3.amazonaws.com"), ("x-amz-content-sha256", hash),
        ("x-amz-date", SignatureV4.date(instant)),
      ]
    let authorization = Self.signer.authorization(
      method: example.method, path: example.path, query: example.query, headers: headers, payloadHash: hash,
      at: instant)
    #expect(
      authorization
        == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        + "SignedHeaders=\(example.names),Signature=\(example.signature)")
  }

  @Test func theSecretIsNeverPrinted() {
    var dumped = ""
    dump(Self.signer, to: &dumped)
    #expect(!"\(Self.signer)\(String(reflecting: Self.signer))\(dumped)".contains("wJalr"))
  }
}
