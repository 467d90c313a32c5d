import AsyncHTTPClient
import Glibc
import NIOCore

/// What a network says of its failures, as a person reads it.
public enum NetworkFault {
  public static func text(of error: any Error) -> String {
    switch error {
    case let error as IOError: String(cString: strerror(error.errnoCode))
    case let error as HTTPClientError where error == .connectTimeout || error == .deadlineExceeded:
      "nothing answered in time"
    default: "\(error)"
    }
  }
}
