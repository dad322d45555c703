// A server that failed on its own side, or is none of ours: nothing that another command line would mend.
export class ServerFault extends Error {
  readonly hint: string

  constructor(message: string, { hint, requestId }: { readonly hint: string; readonly requestId: string }) {
    super(requestId === '' ? message : `${message} The request is ${requestId}.`)
    this.name = 'ServerFault'
    this.hint = hint
  }
}
