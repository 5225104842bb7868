/* The innermost loops of the engine, compiled where installation finds a compiler.

   Each does what Python does with numpy, in kernels.py or where a comment says, which tells what it is for and is used
   where nothing was compiled; both give the same to the last bit (tests/test_kernels.py). kernels.py sees to types, contiguity
   and bounds. A character beyond the first plane counts as U+FFFF, the last entry of every table of characters. */

#include <stdint.h>

#define INTERFACE 4 /* to be raised, here and in kernels.py, with every change of what is passed */

int32_t interface(void) { return INTERFACE; }

#ifdef __GNUC__
#define FETCH(address) __builtin_prefetch(address)
#else
#define FETCH(address)
#endif

static inline uint32_t bmp(uint32_t c) { return c < 0xFFFF ? c : 0xFFFF; }

/* These loops find places of codes[begin:end]. They write every place and count only those that are found, so that
   nothing is guessed by the processor. */

int64_t where(const uint8_t *marked, const uint32_t *codes, int64_t begin, int64_t end, int64_t *at)
{
    int64_t found = 0;
    for (int64_t i = begin; i < end; i++) {
        at[found] = i;
        found += marked[bmp(codes[i])] != 0;
    }
    return found;
}

static const uint32_t ONE = 0x9E3779B1, OTHER = 0x85EBCA6B, THREE = 0xC2B2AE35;

static inline uint32_t hashed(uint32_t first, uint32_t second, int64_t shift)
{
    return (first * ONE + second * OTHER) >> shift;
}

int64_t neighbours(const uint8_t *bits, int64_t shift, const uint32_t *codes, int64_t begin, int64_t end, int64_t *at)
{
    int64_t found = 0;
    for (int64_t i = begin; i < end; i++) {
        const uint32_t bit = hashed(codes[i], codes[i + 1], shift);
        at[found] = i;
        found += bits[bit >> 3] >> (bit & 7) & 1;
    }
    return found;
}

/* What scan.py knows of its words; the fields as there, arrays of more dimensions row by row. */
typedef struct {
    const int32_t *id;
    int64_t size, first_word;
    const int64_t *single;
    const int32_t *pair;
    const uint8_t *begins, *longer_begin; /* a bit for each bigram: whether a word, or a longer one, starts with it */
    const int64_t *bigrams; /* those that longer words start with, a column each of at most `most` words */
    int64_t columns, most, longest;
    const int64_t *longer;
    const uint32_t *rest;
} Words;

static int64_t column(const Words *w, int64_t bigram)
{
    int64_t low = 0, high = w->columns;
    while (low < high) {
        const int64_t middle = (low + high) / 2;
        if (w->bigrams[middle] < bigram)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The words that start in codes[begin:end], of n; there is room for as many as can. */
int64_t words(const Words *w, const uint32_t *codes, int64_t n, int64_t begin, int64_t end, int64_t *word, int64_t *start)
{
    enum { STRETCH = 1024 };
    int64_t found = 0, hit[STRETCH], bigram[STRETCH];
    int64_t here = begin < n ? w->id[bmp(codes[begin])] : 0;
    while (begin < end) {
        const int64_t stop = end - begin < STRETCH ? end : begin + STRETCH;
        int64_t hits = 0;
        for (int64_t i = begin; i < stop; i++) {
            const int64_t next = i + 1 < n ? w->id[bmp(codes[i + 1])] : 0, both = here * w->size + next;
            hit[hits] = i;
            bigram[hits] = both;
            hits += (here >= w->first_word) | (w->begins[both >> 3] >> (both & 7) & 1);
            here = next;
        }
        for (int64_t h = 0; h < hits; h++) {
            const int64_t i = hit[h], both = bigram[h], first = both / w->size, known = found;
            word[found] = w->single[first];
            found += word[found] >= 0;
            word[found] = w->pair[both];
            found += word[found] >= 0;
            const int64_t c = w->longer_begin[both >> 3] >> (both & 7) & 1 ? column(w, both) : w->columns;
            for (int64_t row = 0; c < w->columns && row < w->most && w->longer[row * w->columns + c] >= 0; row++) {
                const uint32_t *rest = w->rest + row * w->longest * w->columns + c, *last = codes + n - 1;
                int64_t k = 0;
                while (k < w->longest && rest[k * w->columns] && codes + i + 2 + k <= last
                       && rest[k * w->columns] == codes[i + 2 + k])
                    k++;
                word[found] = w->longer[row * w->columns + c];
                found += k == w->longest || !rest[k * w->columns];
            }
            for (int64_t k = known; k < found; k++)
                start[k] = i;
        }
        begin = stop;
    }
    return found;
}

/* What sounds.py knows of its phrases: the tables as there, `known` in bits. */
typedef struct {
    const uint8_t *known, *pair, *triple, *heard;
    const uint32_t *read[2];
} Phrases;

enum { HEAD = 1, TAIL = 2, THIRD = 1, FOURTH = 2, SECOND = 4, FIRST = 8, TWICE = 16, BEYOND = 32 - 20 };

static inline uint32_t three(uint32_t two, uint32_t other)
{
    return (two * ONE + other) * THREE >> BEYOND;
}

static int is_heard(const Phrases *p, uint32_t standing, uint32_t written)
{
    return p->heard[three(standing, p->read[0][bmp(written)])] | p->heard[three(standing, p->read[1][bmp(written)])];
}

/* sounds.py, SoundFinder._broken: `here` are two characters of a phrase, the others stand in steps of `step`. */
static int broken(const Phrases *p, const uint32_t *here, uint32_t two, int step, int nearest, int farthest)
{
    const uint32_t near = three(two, here[0]), far = three(two, here[step]);
    const int one = p->triple[near], other = p->triple[far], after = p->triple[three(two, here[2 * step])];
    const int first = (one & nearest) != 0, second = (other & farthest) != 0;
    if (first && second)
        return 0;
    if ((one & farthest) || (((one | other) & nearest) && (after & farthest)) || (one & TWICE))
        return 1;
    return (first && is_heard(p, near, here[step])) || (second && is_heard(p, far, here[0]));
}

int64_t suspects(const Phrases *p, const uint32_t *codes, int64_t begin, int64_t end, int64_t *at)
{
    const int64_t known = neighbours(p->known, BEYOND, codes, begin, end, at);
    int64_t found = 0;
    for (int64_t k = 0; k < known; k++) {
        const int64_t i = at[k];
        const uint32_t two = hashed(codes[i], codes[i + 1], BEYOND);
        at[found] = i;
        found += ((p->pair[two] & HEAD) && broken(p, codes + i + 2, two, 1, THIRD, FOURTH))
                 || ((p->pair[two] & TAIL) && broken(p, codes + i - 1, two, -1, SECOND, FIRST));
    }
    return found;
}

/* ngrams.py, Levels: the value of each key, from cells of one or two bytes. */
#define LEVELS(name, Cell)                                                                                             \
    static inline Cell name##_of(const Cell *cells, uint64_t part, int64_t bits, uint64_t key)                         \
    {                                                                                                                  \
        const uint64_t low = 0xFFFFFFFF, tags = ((uint64_t)1 << (sizeof(Cell) * 8 - bits)) - 1;                        \
        uint64_t h = key * 0x9E3779B97F4A7C15u;                                                                        \
        h ^= h >> 32;                                                                                                  \
        h *= 0xD6E8FEB86659FD93u;                                                                                      \
        h ^= h >> 29;                                                                                                  \
        const uint64_t other = h * 0xC2B2AE3D27D4EB4Fu;                                                                \
        const Cell cell = cells[(h & low) * part >> 32] ^ cells[part + ((h >> 32) * part >> 32)]                       \
                          ^ cells[2 * part + ((other >> 32) * part >> 32)];                                            \
        return (uint64_t)(cell >> bits) == (other >> 20 & tags) ? cell & ((1u << bits) - 1) : 0;                       \
    }                                                                                                                  \
    void name(const Cell *cells, int64_t part, int64_t bits, const uint64_t *keys, int64_t n, uint8_t *value)          \
    {                                                                                                                  \
        for (int64_t i = 0; i < n; i++)                                                                                \
            value[i] = (uint8_t)name##_of(cells, (uint64_t)part, bits, keys[i]);                                       \
    }
LEVELS(levels1, uint8_t)
LEVELS(levels2, uint16_t)

/* ngrams.py, Grams.seen: of a pair the level of its count, and four bits higher that of what was seen after it. */
void seen(const uint16_t *cells, int64_t part, int64_t bits, const float *counts, const float *after,
          const uint32_t *first, const uint32_t *second, int64_t n, float *together, float *followers)
{
    for (int64_t i = 0; i < n; i++) {
        const uint16_t level = levels2_of(cells, (uint64_t)part, bits, (uint64_t)first[i] << 16 | second[i]);
        together[i] = counts[level & 15];
        followers[i] = after[level >> 4];
    }
}

/* parts.py, _forward_backward: `said` and `believed` are rows of parts, a column each; of each of three factors the first
   is for the way forwards, the second for the way back. */
void chain(const double *said, const int64_t *counts, int64_t columns, double prior, const double *shift,
           const double *span, const double *top, double *believed)
{
    for (int64_t c = 0; c < columns; c++) {
        double odds = prior;
        for (int64_t i = c; i < counts[c] * columns; i += columns) {
            const double unheard = 1 / said[i];
            believed[i] = odds * said[i];
            odds = top[0] - unheard * span[0] / (odds + unheard * shift[0]);
        }
        odds = 1;
        for (int64_t i = (counts[c] - 1) * columns + c; i >= 0; i -= columns) {
            const double unheard = 1 / said[i], both = believed[i] * odds;
            believed[i] = both / (1 + both);
            odds = top[1] - unheard * span[1] / (odds + unheard * shift[1]);
        }
    }
}

/* features.py: what is seen of a site, in the order of its `seen`, and the features made of it. */
enum { AROUND = 11, CLASSED = 3, ENDS = 9, SEEN = 2 * AROUND + 4 * CLASSED + ENDS, MOST = 128, SOME = 8 };

typedef struct {
    int64_t features, values;       /* those with more values first */
    const int64_t *with;            /* how many features have a first value, a second one, and so on */
    const uint32_t *seed;           /* of each feature, to which the key is added */
    const uint8_t *value;           /* which of what is seen; a row of features for each value */
    const uint32_t *classes[2];     /* by character */
    const uint8_t *breaks;          /* what cuts clauses off, which are followed */
    int64_t far;                    /* so far */
} Looks;

static void look(const Looks *looks, const uint32_t *start, const uint32_t *end, uint32_t *seen)
{
    for (int k = 0; k < AROUND; k++)
        *seen++ = start[-1 - k];
    for (int k = 0; k < AROUND; k++)
        *seen++ = end[k];
    for (int level = 0; level < 2; level++) {
        for (int k = 0; k < CLASSED; k++)
            *seen++ = looks->classes[level][bmp(start[-1 - k])];
        for (int k = 0; k < CLASSED; k++)
            *seen++ = looks->classes[level][bmp(end[k])];
    }
    int64_t near = 0, far = 0;
    while (near < looks->far && !looks->breaks[bmp(start[-1 - near])])
        near++;
    while (far < looks->far && !looks->breaks[bmp(end[far])])
        far++;
    const uint32_t *clause = start - near, *after = end + far;
    for (int k = 0; k < 2; k++)
        *seen++ = near > k ? clause[k] : 0;
    for (int k = 1; k <= 3; k++)
        *seen++ = far >= k ? after[-k] : 0;
    *seen++ = clause[-1];
    *seen++ = *after;
    *seen++ = (uint32_t)near;
    *seen++ = (uint32_t)far;
}

/* features.py, sums. The weights of some sites are asked for before any is added up: they are seldom in the cache. */
void sums(const Looks *looks, const int8_t *weights, const uint32_t *codes, const int64_t *starts, const int64_t *ends,
          const uint32_t *keys, int64_t sites, int32_t *sum)
{
    const int64_t features = looks->features;
    uint32_t seen[SEEN], row[SOME][MOST], taken[MOST];
    for (int64_t first = 0; first < sites; first += SOME) {
        const int64_t some = sites - first < SOME ? sites - first : SOME;
        for (int64_t i = 0; i < some; i++) {
            uint32_t *const h = row[i], key = keys[first + i];
            look(looks, codes + starts[first + i], codes + ends[first + i], seen);
            for (int64_t k = 0; k < features; k++)
                h[k] = key + looks->seed[k];
            for (int64_t nth = 0; nth < looks->values; nth++) {
                const uint8_t *value = looks->value + nth * features;
                const int64_t with = looks->with[nth];
                for (int64_t k = 0; k < with; k++)
                    taken[k] = seen[value[k]];
                for (int64_t k = 0; k < with; k++) {
                    h[k] = (h[k] ^ taken[k]) * 0x85EBCA6Bu;
                    h[k] ^= h[k] >> 15;
                }
            }
            for (int64_t k = 0; k < features; k++) {
                h[k] *= 0xC2B2AE35u;
                h[k] = (h[k] ^ h[k] >> 16) & 0xFFFFFF;
            }
            for (int64_t k = 0; k < features; k++)
                FETCH(weights + h[k]);
        }
        for (int64_t i = 0; i < some; i++) {
            int32_t total = 0;
            for (int64_t k = 0; k < features; k++)
                total += weights[row[i][k]];
            sum[first + i] = total;
        }
    }
}
