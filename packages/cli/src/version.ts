// The version that runs record and `--version` prints; it moves with package.json, and a test holds them together.
export const CODE_VERSION = '0.1.0'
