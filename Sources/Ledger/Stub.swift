import Crypto
import X509
enum LedgerStub {}
