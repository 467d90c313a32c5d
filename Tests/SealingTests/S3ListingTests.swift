import Ledger
import Replication
import Testing

/// What lies in a bucket, as S3 lists it with `encoding-type=url`.
struct S3ListingTests {
  private static func page(_ inside: String) -> [UInt8] {
    Array(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>coffre</Name>\(inside)</ListVersionsResult>
      """.utf8)
  }

  private static func version(_ key: String) -> String {
    "<Version><Key>\(key)</Key><VersionId>v1</VersionId><IsLatest>true</IsLatest><Size>7</Size></Version>"
  }

  @Test(arguments: [
    ("segments/urg-1/1-2-ab", "segments/urg-1/1-2-ab"), ("snapshots%2Fa%01b", "snapshots/a\u{1}b"),
    ("a%20b+c%2Bd", "a b c+d"), ("caf%C3%A9", "café"), ("100%", "100%"),
  ])
  func aKeyIsDecoded(written: String, key: String) throws {
    let listing = try S3Listing(Self.page("<EncodingType>url</EncodingType>" + Self.version(written)))
    #expect(listing.objects == [VaultObject(path: key, version: "v1", bytes: 7)])
    #expect(listing.next == nil)
    // A gateway that does not encode says so.
    #expect(try S3Listing(Self.page(Self.version(written))).objects.map(\.path) == [written])
  }

  /// A bucket's own hour, which nobody who writes there chooses.
  @Test(arguments: [
    ("2022-08-21T01:02:03.456Z", "2022-08-21T01:02:03.456Z"), ("2022-08-21T01:02:03Z", "2022-08-21T01:02:03.000Z"),
    ("yesterday", nil),
  ])
  func whenItWasWrittenIsRead(said: String, read: String?) throws {
    let listing = try S3Listing(
      Self.page("<Version><Key>a</Key><Size>7</Size><LastModified>\(said)</LastModified></Version>"))
    #expect(listing.objects.map(\.writtenAt) == [read.flatMap { Instant($0) }])
  }

  @Test func theNextPageIsAskedForAsItIsNamed() throws {
    let listing = try S3Listing(
      Self.page(
        """
        <EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextKeyMarker>a%01</NextKeyMarker>\
        <NextVersionIdMarker>v+1</NextVersionIdMarker><DeleteMarker><Key>gone</Key></DeleteMarker>
        """))
    #expect(listing.objects == [])
    #expect(listing.next?.map(\.name) == ["key-marker", "version-id-marker"])
    #expect(listing.next?.map(\.value) == ["a\u{1}", "v+1"])
  }
}
