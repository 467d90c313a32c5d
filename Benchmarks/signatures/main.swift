import Crypto
import Dispatch
import Foundation

// The bare rate of Ed25519: the bodies of the lines in these ledger files, signed by one key and then verified on every
// core. Prints how many, and the CPU seconds that verifying them took on all cores together.
let bodyStart = 87
let stride = 64
let key = Curve25519.Signing.PrivateKey()
let messages = try CommandLine.arguments.dropFirst().flatMap { path in
  try Data(contentsOf: URL(filePath: path)).split(separator: UInt8(ascii: "\n")).map { Array($0.dropFirst(bodyStart)) }
}
let signatures = try messages.map { try Array(key.signature(for: $0)) }
let publicKey = key.publicKey

func spent() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

let before = spent()
DispatchQueue.concurrentPerform(iterations: (messages.count + stride - 1) / stride) { part in
  for index in part * stride..<min((part + 1) * stride, messages.count) {
    precondition(publicKey.isValidSignature(signatures[index], for: messages[index]))
  }
}
print(#"{"verified": \#(messages.count), "cpuSeconds": \#(spent() - before)}"#)
