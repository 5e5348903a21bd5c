// This program makes calls with Go's standard library, in the same way as the tests do: 64 parallel callers, with pauses.
// The program itself never retries a call. At the end, the program prints the number of failed calls.
package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	url, count, pause := os.Args[1], number(os.Args[2]), number(os.Args[3])
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	transport.MaxIdleConnsPerHost = 64
	client := &http.Client{Transport: transport}
	var next, failed atomic.Int64
	var callers sync.WaitGroup
	for caller := range 64 {
		callers.Go(func() {
			for {
				id := int(next.Add(1) - 1)
				if id >= count {
					return
				}
				if call(client, fmt.Sprintf("%s/things/%d", url, id)) != nil {
					failed.Add(1)
				}
				part := (id*7 + caller*13) % 100
				time.Sleep(time.Duration(pause*part/100) * time.Microsecond)
			}
		})
	}
	callers.Wait()
	fmt.Println(failed.Load())
}

func call(client *http.Client, url string) error {
	request, err := http.NewRequest("PUT", url, bytes.NewReader([]byte("[1]")))
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return value
}
