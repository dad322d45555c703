// The keys that open *go to*, as Mantine writes them; not while somebody types into a field.
export const GO_TO_KEYS = ['mod + K', '/']
