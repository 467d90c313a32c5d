import Foundation
import Ledger

/// One page of what lies in a bucket, every version of it.
package struct S3Listing {
  package var objects: [VaultObject]
  /// What the next page is asked for with; nil after the last.
  package var next: [(name: String, value: String)]?

  package init(_ answer: [UInt8]) throws(VaultFault) {
    let page = try S3Answer(answer)
    let isEncoded = page.first("EncodingType") == "url"
    func decoded(_ key: String) -> String { isEncoded ? Self.decoded(key) : key }
    // Delete markers are other elements, and say nothing.
    objects = page.all("Version").compactMap { version in
      guard let key = version["Key"], let bytes = version["Size"].flatMap({ Int($0) }) else { return nil }
      return VaultObject(
        path: decoded(key), version: version["VersionId"], bytes: bytes,
        writtenAt: version["LastModified"].flatMap { Instant($0) ?? Instant("\($0.prefix(19)).000Z") })
    }
    guard page.first("IsTruncated") == "true", let key = page.first("NextKeyMarker") else { return }
    next = [("key-marker", decoded(key))]
    if let version = page.first("NextVersionIdMarker") { next?.append(("version-id-marker", version)) }
  }

  /// As forms are encoded: some gateways write a space as `+`.
  private static func decoded(_ key: String) -> String {
    key.replacing("+", with: " ").removingPercentEncoding ?? key
  }
}
