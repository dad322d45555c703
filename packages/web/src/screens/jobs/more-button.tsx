// The next page of a list, where there is one.
import { Button, Center } from '@mantine/core'

type Paged = {
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  readonly fetchNextPage: () => Promise<unknown>
}

export function MoreButton({ answer }: { readonly answer: Paged }) {
  if (!answer.hasNextPage) return null
  return (
    <Center mt="sm">
      <Button
        variant="default"
        size="sm"
        loading={answer.isFetchingNextPage}
        onClick={() => void answer.fetchNextPage()}
      >
        Show more
      </Button>
    </Center>
  )
}
