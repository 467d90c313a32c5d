import GRDB
import Crypto
import CryptoExtras
import Collections
enum RegisterStub {}
