// The key `bill` of an account: what the customer wants its bill to look like. It changes no figure.
import { z } from 'zod'
import { BILL_SECTIONS, type BillSections } from './bill.ts'

const line = z.string().trim().min(1).max(120)

/** A picture stands below the workspace's folder, so that a backup of the folder has it and no document reads another file. */
const picture = z
  .string()
  .regex(/\.(png|jpe?g)$/i, { error: 'must be the name of a .png or .jpg file' })
  .refine((path) => !/^[/\\]|^[A-Za-z]:|\\/.test(path) && !path.split('/').includes('..'), {
    error: 'must be a path below the folder of the workspace',
  })

export const accountBillDocument = z.strictObject({
  sections: z.enum(BILL_SECTIONS).optional(),
  name: line.optional(),
  address: z.array(line).max(8).optional(),
  logo: picture.optional(),
})

export type AccountBill = {
  /** null: the customer did not choose. */
  readonly sections: BillSections | null
  readonly name: string
  readonly address: ReadonlyArray<string>
  readonly logo: string
}

export function toAccountBill(document: z.infer<typeof accountBillDocument> | undefined): AccountBill {
  const { sections, name, address, logo } = document ?? {}
  return { sections: sections ?? null, name: name ?? '', address: address ?? [], logo: logo ?? '' }
}
