#include <stdlib.h>
#include <string.h>

#include "harbour/berths.h"

/** Ships that lie at anchor outside, first come first served. */
struct queue {
    int *draughts;
    size_t count;
    size_t room;
};

static int grow(struct queue *queue)
{
    size_t room = queue->room ? 2 * queue->room : 4;
    int *larger = realloc(queue->draughts, room * sizeof(int));
    if (larger == NULL)
        return 0;
    queue->draughts = larger;
    queue->room = room;
    return 1;
}

/** Line up a newcomer behind the others, making more memory available where that is needed. */
int queue_push(struct queue *queue, int draught)
{
    if (queue->count == queue->room && !grow(queue))
        return 0;
    queue->draughts[queue->count++] = draught;
    return 1;
}

int queue_pop(struct queue *queue)
{
    int first = queue->draughts[0];
    queue->count--;
    memmove(queue->draughts, queue->draughts + 1, queue->count * sizeof(int));
    return first;
}

/** Admit whoever waited longest and has a suitable gap, then close ranks again. */
struct berth *queue_admit(struct queue *queue, struct berth *all, size_t count)
{
    struct berth *found = queue->count ? berth_find(all, count, queue->draughts[0], DECIMETRES(1)) : NULL;
    if (found != NULL && berth_take(found, queue_pop(queue), DECIMETRES(1)) == 1)
        return found;
    return NULL;
}

/*
 * No documentation, for it has one star too few.
 */
void queue_clear(struct queue *queue)
{
    free(queue->draughts);
    memset(queue, 0, sizeof *queue);
}
